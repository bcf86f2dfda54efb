package dev.svc0.arm64.elf;

import com.google.auto.service.AutoService;
import dev.svc0.annotation.Traced;
import dev.svc0.arm64.elf.ElfImage.Segment;
import dev.svc0.arm64.entry.Arm64Thread;
import dev.svc0.arm64.entry.CpuFeatures;
import dev.svc0.arm64.signal.SignalFrame;
import dev.svc0.runtime.abi.Auxv;
import dev.svc0.runtime.abi.Elf;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.Rlimits;
import dev.svc0.runtime.abi.RseqLayout;
import dev.svc0.runtime.mm.HostRandom;
import dev.svc0.runtime.mm.MemoryManager;
import dev.svc0.runtime.mm.UserFault;
import dev.svc0.runtime.syscall.SyscallResult;
import dev.svc0.runtime.task.BinaryFormat;
import dev.svc0.runtime.task.ExecFiles;
import dev.svc0.runtime.task.ExecImage;
import dev.svc0.runtime.task.KernelRead;
import dev.svc0.runtime.task.LinuxBinprm;
import dev.svc0.runtime.task.Task;
import dev.svc0.runtime.vfs.Cred;
import dev.svc0.runtime.vfs.File;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** AArch64 ELF programs: static, static PIE, dynamic. <i>Linux:</i> fs/binfmt_elf.c. */
@AutoService(BinaryFormat.class)
@Traced(layer = Traced.Layer.TASK)
public final class ElfFormat implements BinaryFormat {
  private static final long PAGE_SIZE = 4096;
  private static final int PATH_MAX = 4096;
  private static final int TICKS_PER_SECOND = 100;
  private static final int RANDOM_BYTES = 16;
  private static final String PLATFORM = "aarch64";

  /** Where position-independent programs go: two thirds up. <i>Linux:</i> ELF_ET_DYN_BASE. */
  private static final long DYNAMIC_BASE = 2 * (MemoryManager.WINDOW_SIZE / 3) & -PAGE_SIZE;

  @Override
  public String name() {
    return "elf";
  }

  @Override
  @Traced("load_elf_binary")
  public long loadBinary(LinuxBinprm bprm) {
    long[] error = new long[1];
    ElfImage image = ElfImage.parse(bprm.task(), bprm.file(), bprm.start(), error);
    if (image == null) {
      return error[0];
    }
    if (!ElfMapper.plausible(image)) {
      return -Errno.ENOEXEC;
    }
    Segment interp = image.find(Elf.PT_INTERP);
    if (interp == null) {
      return load(bprm, image, null);
    }
    File file = openInterpreter(bprm.task(), image, interp, error);
    if (file == null) {
      return error[0];
    }
    try {
      ElfImage interpreter = parseInterpreter(bprm.task(), file, error);
      return interpreter == null ? error[0] : load(bprm, image, interpreter);
    } finally {
      ExecFiles.letGo(file);
    }
  }

  private static @Nullable File openInterpreter(
      Task task, ElfImage image, Segment interp, long[] error) {
    int bytes = (int) Math.min(interp.fileBytes(), PATH_MAX + 1);
    byte[] path = new byte[Math.max(0, bytes)];
    error[0] = -Errno.ENOEXEC;
    if (bytes < 2 || bytes > PATH_MAX || interp.offset() < 0) {
      return null;
    }
    long got = KernelRead.read(task, image.file, interp.offset(), path, bytes);
    if (got != bytes) {
      error[0] = got < 0 ? got : -Errno.EIO;
      return null;
    }
    if (path[bytes - 1] != 0) {
      return null;
    }
    String name = new String(path, 0, bytes - 1, StandardCharsets.ISO_8859_1);
    int nul = name.indexOf('\0');
    return ExecFiles.openExec(
        task, Fcntl.AT_FDCWD, nul < 0 ? name : name.substring(0, nul), 0, error);
  }

  private static @Nullable ElfImage parseInterpreter(Task task, File file, long[] error) {
    byte[] start = new byte[LinuxBinprm.BUFFER_BYTES];
    long got = KernelRead.read(task, file, 0, start, start.length);
    if (got < 0) {
      error[0] = got;
      return null;
    }
    ElfImage image = ElfImage.parse(task, file, start, error);
    if (image == null || !ElfMapper.plausible(image)) {
      error[0] = -Errno.ELIBBAD;
      return null;
    }
    return image;
  }

  private static long load(LinuxBinprm bprm, ElfImage image, @Nullable ElfImage interpreter) {
    long result = bprm.beginNewExec();
    if (result != 0) {
      return result;
    }
    Task task = bprm.task();
    MemoryManager mm = task.memory();
    Segment stack = image.find(Elf.PT_GNU_STACK);
    boolean executable = stack != null && (stack.flags() & Elf.PF_X) != 0;
    long top = mm.mapStack(task.rlimit(Rlimits.RLIMIT_STACK), executable);
    if (SyscallResult.isError(top)) {
      return top;
    }
    ElfMapper program = new ElfMapper(mm, image);
    result = program.mapAt(DYNAMIC_BASE);
    if (result != 0) {
      return result;
    }
    mm.setBrkStart((program.end + PAGE_SIZE - 1) & -PAGE_SIZE);
    long entry = image.entry + program.bias;
    long base = 0;
    if (interpreter != null) {
      ElfMapper loader = new ElfMapper(mm, interpreter);
      result = loader.mapAnywhere();
      if (result != 0) {
        return result;
      }
      base = loader.bias;
      entry = interpreter.entry + base;
    }
    return start(bprm, image, program.bias, base, entry, top);
  }

  private static long start(
      LinuxBinprm bprm, ElfImage image, long bias, long base, long entry, long top) {
    Task task = bprm.task();
    Arm64Thread thread = (Arm64Thread) task.context();
    long vdso = Vdso.map(task.kernel(), task.memory());
    if (SyscallResult.isError(vdso)) {
      return vdso;
    }
    thread.sigreturnTrampoline = vdso + Vdso.SIGRETURN;
    StackBuilder builder = new StackBuilder(task.memory(), top);
    long stackPointer;
    try {
      builder.pushStrings(bprm);
      builder.auxv(Auxv.AT_SYSINFO_EHDR, vdso);
      fillAuxv(builder, bprm, image, bias, base);
      stackPointer = builder.finish();
    } catch (UserFault fault) {
      return -Errno.E2BIG;
    }
    if (SyscallResult.isError(stackPointer)) {
      return stackPointer;
    }
    bprm.install(
        new ExecImage(
            bprm.file(),
            bprm.filename(),
            builder.argStart,
            builder.argEnd,
            builder.envStart,
            builder.envEnd,
            builder.auxvBytes));
    thread.startThread(entry, stackPointer);
    return 0;
  }

  private static void fillAuxv(
      StackBuilder builder, LinuxBinprm bprm, ElfImage image, long bias, long base) {
    Cred cred = bprm.task().cred();
    long platform = builder.pushString(PLATFORM);
    byte[] random = new byte[RANDOM_BYTES];
    HostRandom.fill(random, RANDOM_BYTES);
    long randomAt = builder.push(random);
    long headers = image.headersAddress();
    builder.auxv(Auxv.AT_MINSIGSTKSZ, SignalFrame.MINIMUM_STACK);
    builder.auxv(Auxv.AT_HWCAP, CpuFeatures.HWCAP);
    builder.auxv(Auxv.AT_PAGESZ, PAGE_SIZE);
    builder.auxv(Auxv.AT_CLKTCK, TICKS_PER_SECOND);
    builder.auxv(Auxv.AT_PHDR, headers == 0 ? 0 : headers + bias);
    builder.auxv(Auxv.AT_PHENT, dev.svc0.runtime.abi.Elf64PhdrLayout.SIZE);
    builder.auxv(Auxv.AT_PHNUM, image.segments.length);
    builder.auxv(Auxv.AT_BASE, base);
    builder.auxv(Auxv.AT_FLAGS, 0);
    builder.auxv(Auxv.AT_ENTRY, image.entry + bias);
    builder.auxv(Auxv.AT_UID, cred.uid());
    builder.auxv(Auxv.AT_EUID, cred.euid());
    builder.auxv(Auxv.AT_GID, cred.gid());
    builder.auxv(Auxv.AT_EGID, cred.egid());
    builder.auxv(Auxv.AT_SECURE, bprm.isSecure() ? 1 : 0);
    builder.auxv(Auxv.AT_RANDOM, randomAt);
    builder.auxv(Auxv.AT_HWCAP2, CpuFeatures.HWCAP2);
    builder.auxv(Auxv.AT_RSEQ_FEATURE_SIZE, RseqLayout.end);
    builder.auxv(Auxv.AT_RSEQ_ALIGN, RseqLayout.SIZE);
    builder.auxv(Auxv.AT_EXECFN, builder.filename());
    builder.auxv(Auxv.AT_PLATFORM, platform);
  }
}
