/**
 * The translators. {@link dev.svc0.arm64.jit.TieredEngine} interprets what is cold, runs machine
 * code of the host for what is warm, on hosts that have a writer for it, and JVM bytecode, which
 * HotSpot compiles, for loops that are hot.
 *
 * <p><b>Quick code.</b> HotSpot takes a fifth of a second for what becomes fast, and compiles it
 * several times; most of a program is over before that pays. {@link dev.svc0.arm64.jit.X86Writer}
 * makes machine code of the host from the same analysis in some microseconds an instruction, in
 * executable memory ({@link dev.svc0.arm64.jit.X86Code}), which runs at about the speed of such
 * translators everywhere. It is entered by a native call that the JVM does not guard ({@link
 * dev.svc0.arm64.jit.Quick}), so that registers may stay in Java arrays: while it runs, nothing of
 * the JVM stops this thread or moves an array, and therefore it comes back after some thousand
 * branches. It goes from unit to unit by itself, through jumps that are linked on first use and a
 * table for indirect branches; it comes back for system calls, and for each instruction or access
 * that it does not do, which the interpreter executes. It checks each access as the interpreter
 * does, so that a guest cannot reach anything of the JVM; a defect in the writer could, which is
 * why every instruction is compared with what {@code qemu-aarch64} did on this engine too, and
 * random sequences with the interpreter. Loops where a thread uses up most of those branches become
 * bytecode.
 *
 * <p><b>Between runs.</b> Quick code names nothing of the process that made it, but guest addresses
 * and distances within the memory for code, and programs are loaded at the same addresses each
 * time. So that memory can be kept as it is in a file ({@link dev.svc0.arm64.jit.SavedCode}), with
 * what the units were made from; a later run takes it whole, and looks a unit up when the program
 * comes to its address. The memory must agree then, as for another process's unit. The file is
 * executed: it has to be a regular file of the user in a folder of the user, both of which nobody
 * else may write, made by this build for this host's extensions, and its checksum right; it is read
 * into memory, never mapped, and replaced in one step.
 *
 * <p><b>Units of bytecode.</b> A unit ({@link dev.svc0.arm64.jit.Unit}) is the code that is reached
 * from one address by direct branches, as one method with gotos ({@link
 * dev.svc0.arm64.jit.Discovery}, {@link dev.svc0.arm64.jit.Translator}). Guest registers are JVM
 * locals: loaded at the entry, stored back where the method is left if they may have changed
 * ({@link dev.svc0.arm64.jit.Flow}). A method never has 8,000 bytes or more, because HotSpot would
 * not compile it; if it would, less guest code is taken.
 *
 * <p><b>Instructions.</b> Each decoded operation has an emitter ({@code Emit…}); every other
 * instruction calls the semantics that the interpreter uses, with the registers it names stored
 * before and loaded after. What is inlined is a matter of speed only.
 *
 * <p><b>Calls.</b> BL is a nested Java call through a call site that is linked early or not at all
 * ({@link dev.svc0.arm64.jit.Linker}); code that has no unit is interpreted until it returns
 * ({@link dev.svc0.arm64.jit.Resumption#cold}). A unit returns the address to go on at. If that is
 * not the one after the call, the caller returns it too, up to the engine: so longjmp, signals and
 * changed code unwind. {@link dev.svc0.arm64.jit.Support#UNWIND} says that the address is in {@code
 * cpu.pc} and that nobody may go on before the engine has looked.
 *
 * <p><b>Memory.</b> The checks of {@code GuestMemory}, inlined: an address whose upper 28 bits are
 * zero indexes the permission bytes of the page of its first byte and, if that is another one, of
 * its last; {@code GuestMemory} is asked for other addresses. What is not allowed at once, as at a
 * page fault, is not done in the unit: it stores its registers and is left, and the interpreter
 * goes on at that instruction, up to where a unit begins or the function returns ({@link
 * dev.svc0.arm64.jit.Resumption}). A call in the loop instead would cost the loop most of its
 * machine registers. An abort in a shared method is caught in the unit, which stores its registers
 * and throws it on.
 *
 * <p><b>Changed code.</b> A unit knows the words it was made from. Each address space has one byte
 * a unit that says whether the unit agrees with its memory ({@link dev.svc0.arm64.jit.UnitSpace});
 * it is tested at each entry and cleared when the code is unmapped, re-protected or invalidated
 * with IC IVAU, and the processors of the process are interrupted. So processes share units, and
 * one that changes its code changes it only for itself.
 *
 * <p><b>Bounds.</b> The bytes of all classes have a budget; beyond it everything is dropped, and
 * made anew if it is still hot. After very many translations the engine only interprets.
 *
 * <p><b>Lock order:</b> a store's lock, then a space's lock ({@code UnitSpace} before {@code
 * QuickSpace}), then the code cache's. The memory manager calls in with its locks held; nothing
 * here calls out to it with a lock held.
 */
@NullMarked
package dev.svc0.arm64.jit;

import org.jspecify.annotations.NullMarked;
