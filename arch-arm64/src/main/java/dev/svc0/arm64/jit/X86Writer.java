package dev.svc0.arm64.jit;

import static dev.svc0.arm64.jit.X86Assembler.AND;
import static dev.svc0.arm64.jit.X86Assembler.CMP;
import static dev.svc0.arm64.jit.X86Assembler.R13;
import static dev.svc0.arm64.jit.X86Assembler.RAX;
import static dev.svc0.arm64.jit.X86Assembler.RCX;
import static dev.svc0.arm64.jit.X86Assembler.RDX;
import static dev.svc0.arm64.jit.X86Assembler.RSP;
import static dev.svc0.arm64.jit.X86Assembler.SHR;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.arm64.decode.Op;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the machine code of a unit for an x86-64 host.
 *
 * <p><b>Registers.</b> RSP is the frame of {@link X86Frame}, R13 points into {@code cpu.x}, R15 is
 * the window's base, with the permissions at a constant distance from it. RAX, RCX and RDX are free
 * for each instruction. The ten others hold the guest registers that the unit uses most, in all of
 * it ("pinned"); the rest stay in {@code cpu.x}, and all vector registers in {@code cpu.v}.
 *
 * <p><b>Entries.</b> Code can be entered at the beginning, behind each call and system call, and
 * behind each instruction that it leaves for the interpreter. Before each entry lie the 8 bytes of
 * its address.
 */
final class X86Writer {
  /** The guest register that reads as zero, and the one whose values are thrown away. */
  static final int ZERO = 32;

  static final int SINK = 33;

  /** Stands for the address of {@code cpu.v} among the guest registers. */
  static final int VECTOR_BASE = 34;

  /** R13 points so many bytes behind the first register, for displacements of one byte. */
  static final int BIAS = 128;

  private static final int PAGE = 1 << X86Code.PAGE_SHIFT;
  private static final int FIRST_FAR = 64;

  /** Where code can be entered. */
  record Entry(long pc, int offset) {}

  final X86Assembler a = new X86Assembler();
  final GuestCode code;
  private final int unit;

  /** Host register of each guest register; −1: it is in memory. */
  private final int[] pin;

  /** Guest registers that are pinned, as bits. */
  private final long pinned;

  /** Of the first block; the others follow. */
  private int firstLabel;

  private final List<Entry> entries = new ArrayList<>();

  /** Offsets of displacements of jumps to common routines, and which. */
  private int[] far = new int[FIRST_FAR];

  private int farCount;

  /** What is rarely reached, behind all blocks. */
  final X86Later later = new X86Later();

  final X86Ends ends = new X86Ends(this);

  /** The guest's flags, as the host has them. */
  final X86Flags flags = new X86Flags(this);

  /** Of the instruction. */
  long pc;

  /** What is being written. */
  Block block;

  /** Of the instruction in its block. */
  int index;

  private int leaving = -1;
  private boolean stackAligned;
  private AccessGroups groups = AccessGroups.NONE;

  /** Groups whose first access comes before this instruction were not checked on all paths. */
  private int groupsFrom;

  /** Host register and constant of the access that {@link #reach} found. */
  int accessIndex;

  int accessOffset;

  /**
   * Whether the flow analysis takes the instruction for a shared method, for which registers are
   * stored before and loaded after.
   */
  private boolean isShared;

  /** Of such an instruction: registers whose values are only stored, as bits. */
  private long stale;

  /** Registers that are constants here, as bits, and what they are. */
  private long known;

  private final long[] constants = new long[ZERO];

  X86Writer(GuestCode code, int unit) {
    this.code = code;
    this.unit = unit;
    this.block = code.entry();
    this.pin = X86Pins.choose(code);
    long held = 0;
    for (int register = 0; register < ZERO; register++) {
      held |= pin[register] >= 0 ? 1L << register : 0;
    }
    this.pinned = held;
  }

  /** Where code can be entered, by guest address. */
  List<Entry> entries() {
    return entries;
  }

  /** Where the displacements of jumps to common routines lie, with the number of the routine. */
  int[] far() {
    return Arrays.copyOf(far, farCount);
  }

  /**
   * Writes everything; it is then to be placed at an address that is a multiple of 16, and its
   * jumps to common routines are to be filled in.
   */
  byte[] write() {
    Block[] blocks = code.all();
    firstLabel = a.newLabel();
    for (int i = 1; i < blocks.length; i++) {
      a.newLabel();
    }
    entry(code.entry().start, code.entry().liveIn, label(code.entry()));
    for (int i = 0; i < blocks.length; i++) {
      block(blocks[i], i + 1 < blocks.length ? blocks[i + 1] : null);
    }
    later.write(this);
    return a.finish();
  }

  // ---- registers ----

  /** The host register that holds a guest register: a pinned one, or the given one, loaded. */
  int in(int register, int temporary) {
    if (register == ZERO) {
      a.movImmediate(temporary, 0);
      return temporary;
    }
    if (isPinned(register)) {
      return pin[register];
    }
    a.load(true, temporary, R13, 8 * register - BIAS);
    return temporary;
  }

  /** Copies a guest register to a host register; the host's flags stay. */
  void get(boolean wide, int host, int register) {
    if (register == ZERO) {
      a.movImmediate(host, 0);
    } else if (isPinned(register)) {
      a.mov(wide, host, pin[register]);
    } else {
      a.load(wide, host, R13, 8 * register - BIAS);
    }
  }

  /** Where the new value of a guest register is to be computed: pinned, or the given one. */
  int out(int register, int temporary) {
    return register < ZERO && pin[register] >= 0 ? pin[register] : temporary;
  }

  /** A guest register has a new value, in the host register that {@link #out} gave. */
  void done(int register, int host) {
    if (register == SINK) {
      return;
    }
    if (register == Cpu.SP) {
      stackAligned = false;
    }
    if (pin[register] < 0 || isShared) {
      a.store(true, R13, 8 * register - BIAS, host);
    }
    if (pin[register] >= 0 && pin[register] != host) {
      a.mov(true, pin[register], host);
    }
    stale &= ~(1L << register);
    known &= ~(1L << register);
  }

  /** A guest register becomes a constant. */
  void set(int register, long value) {
    int to = out(register, RAX);
    a.movImmediate(to, value);
    done(register, to);
    if (register < ZERO) {
      known |= 1L << register;
      constants[register] = value;
    }
  }

  /** Whether this block has made a guest register a constant, which {@link #constant} is. */
  boolean isKnown(int register) {
    return register < ZERO && (known >>> register & 1) != 0;
  }

  long constant(int register) {
    return constants[register];
  }

  /** Whether a host register holds a guest register now. */
  boolean isPinned(int register) {
    return register < ZERO && pin[register] >= 0 && (stale >>> register & 1) == 0;
  }

  /**
   * Begins an instruction that the flow analysis takes for a shared method: what changed of the
   * registers that its word names is stored.
   */
  void beginShared(long d) {
    long touched = Effects.touched(d) & pinned;
    spill(block.dirty[index] & touched);
    stale = touched & ~block.live[index];
    isShared = true;
  }

  /** Ends it: what is needed later is loaded. */
  void endShared() {
    reload(block.live[index + 1] & stale);
    stale = 0;
    isShared = false;
  }

  /** Gives it up, with nothing written. */
  void cancelShared() {
    stale = 0;
    isShared = false;
  }

  /** An operation on a host register and a guest register. */
  void alu(int op, boolean wide, int host, int register) {
    if (register == ZERO) {
      a.aluImmediate(op, wide, host, 0);
    } else if (isPinned(register)) {
      a.alu(op, wide, host, pin[register]);
    } else {
      a.aluLoad(op, wide, host, R13, 8 * register - BIAS);
    }
  }

  /** Register with the address of the vector registers, each 16 bytes: RDX, or a pinned one. */
  int vectorBase() {
    if (pin[VECTOR_BASE] >= 0) {
      return pin[VECTOR_BASE];
    }
    a.load(true, RDX, RSP, X86Frame.VECTORS);
    return RDX;
  }

  /** Stores pinned registers, given as bits, where the processor's state has them. */
  void spill(long registers) {
    for (long left = registers & pinned; left != 0; left &= left - 1) {
      int register = Long.numberOfTrailingZeros(left);
      a.store(true, R13, 8 * register - BIAS, pin[register]);
    }
  }

  /** Loads them. */
  void reload(long registers) {
    for (long left = registers & pinned; left != 0; left &= left - 1) {
      int register = Long.numberOfTrailingZeros(left);
      a.load(true, pin[register], R13, 8 * register - BIAS);
    }
  }

  /** Pinned registers that must be stored before shared state is looked at by this instruction. */
  long dirtyTouched() {
    return block.dirty[index] & Effects.touched(block.ops[index]);
  }

  /** Pinned registers that must be loaded after the instruction has changed shared state. */
  long liveTouched() {
    return block.live[index + 1] & Effects.touched(block.ops[index]);
  }

  // ---- memory ----

  /** Where to go, with nothing changed by this instruction, to have it interpreted. */
  int leave() {
    if (leaving < 0) {
      leaving = a.newLabel();
    }
    return leaving;
  }

  /** An access with SP as its base: it must be aligned. */
  void checkStack() {
    if (!stackAligned) {
      int host = in(Cpu.SP, RAX);
      a.test8(host, 15);
      a.jump(X86Assembler.NE, leave());
      stackAligned = true;
    }
  }

  /** SP stays as aligned as it was, though it changed. */
  void keepAlignment(boolean was) {
    stackAligned = was;
  }

  boolean isStackAligned() {
    return stackAligned;
  }

  /**
   * RAX is the guest address of an access: leaves the unit unless its pages permit it. Then it lies
   * at R15 + RAX. RCX and the host's flags are lost.
   *
   * @param bytes of the access
   * @param access permissions
   */
  void check(int bytes, int access) {
    int out = leave();
    int slow = a.newLabel();
    int allowed = a.newLabel();
    boolean aligned = bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8;
    int mask = aligned ? Integer.numberOfTrailingZeros(bytes) : 0;
    a.testMemory(true, RSP, X86Frame.MASKS + mask * Long.BYTES, RAX);
    a.jump(X86Assembler.NE, slow);
    if (!aligned) {
      a.mov(false, RCX, RAX);
      a.aluImmediate(AND, false, RCX, PAGE - 1);
      a.aluImmediate(CMP, false, RCX, PAGE - bytes);
      a.jump(X86Assembler.A, slow);
    }
    a.mov(true, RCX, RAX);
    a.shiftImmediate(SHR, true, RCX, X86Code.PAGE_SHIFT);
    X86Code.permitted(a, RCX, access, out);
    a.bind(allowed);
    later.check(slow, allowed, out, bytes, access);
  }

  /** The rest of {@link #check}: a routine looks at both ends. */
  void checkSlowly(int slow, int allowed, int out, int bytes, int access) {
    a.bind(slow);
    a.movImmediate(RCX, bytes - 1);
    far(a.callFar(0), access);
    a.jump(X86Assembler.AE, allowed);
    a.jump(out);
  }

  /**
   * Finds where an access lies that has a base register and a constant, or leaves the unit if its
   * pages do not permit it: then at R15 + {@link #accessIndex} + {@link #accessOffset}. RAX, RCX
   * and the host's flags are lost. Accesses at constant distances from one register are checked
   * once for all of them.
   */
  void reach(int base, int offset, int bytes, int access) {
    AccessGroups.Group group = groups.at(index);
    if (group == null || group.first() < groupsFrom) {
      X86Memory.base(this, base, offset);
      check(bytes, access);
      accessIndex = RAX;
      accessOffset = 0;
    } else if (group.isFirst()) {
      int lowest = (int) group.lowest();
      X86Memory.base(this, base, lowest);
      check(group.span(), group.access);
      accessIndex = RAX;
      accessOffset = group.fromLowest();
    } else {
      accessIndex = in(base, RAX);
      accessOffset = offset;
    }
  }

  /** The address of an access is in RAX; see {@link #reach}. */
  void reachAccumulator(int bytes, int access) {
    check(bytes, access);
    accessIndex = RAX;
    accessOffset = 0;
  }

  // ---- blocks ----

  int label(Block of) {
    return firstLabel + of.index;
  }

  private void block(Block now, @Nullable Block below) {
    a.bind(label(now));
    block = now;
    flags.clobber();
    stackAligned = false;
    known = 0;
    groups = AccessGroups.of(now);
    groupsFrom = 0;
    int count = now.ops.length;
    boolean endsOtherwise =
        (now.lastInfo() & Effects.ENDS_BLOCK) == 0 || (now.lastInfo() & Effects.SHARED) != 0;
    int inside = endsOtherwise ? count : count - 1;
    for (int i = 0; i < inside; i++) {
      if (!instruction(i, now.ops[i])) {
        return;
      }
    }
    index = count - 1;
    pc = now.end() - 4;
    ends.end(now.last(), below);
  }

  /** False when nothing can follow. */
  private boolean instruction(int at, long d) {
    index = at;
    pc = block.pc(at);
    leaving = -1;
    if ((block.info[at] & Effects.READS_FLAGS) == 0) {
      flags.clobber();
    }
    if (!emit(d)) {
      return interpret(d);
    }
    if (leaving >= 0) {
      later(block, at, leaving);
    }
    return true;
  }

  private void later(Block of, int at, int label) {
    // Only what is pinned has to be stored, and only where it was changed.
    long registers =
        ((of.info[at] & Effects.CAN_ABORT) != 0 ? of.onAbort[at] : of.dirty[at] & of.live[at])
            & pinned;
    later.leave(label, of.pc(at), registers);
  }

  private boolean emit(long d) {
    int op = Effects.op(d);
    if (op == Op.NOP) {
      return true;
    }
    if (op == Op.MRS_TPIDR) {
      int to = out(Effects.a(d), RAX);
      a.load(true, RCX, RSP, X86Frame.CONTEXT);
      a.load(true, to, RCX, X86Frame.CTX_THREAD_POINTER);
      done(Effects.a(d), to);
      return true;
    }
    if (op >= Op.ADDI64 && op <= Op.UMULH) {
      return X86Integer.emit(this, d);
    }
    if (X86Memory.covers(op)) {
      return X86Memory.emit(this, d);
    }
    if (op == Op.SEMANTICS && Effects.zeroesLine(Effects.imm(d))) {
      X86Memory.zeroLine(this, Effects.imm(d));
      return true;
    }
    return X86Vector.emit(this, d);
  }

  /**
   * The interpreter executes this instruction, and code is entered again behind it.
   *
   * @return whether it can be
   */
  private boolean interpret(long d) {
    boolean last = index == block.ops.length - 1;
    spill(block.dirty[index] & block.live[index]);
    a.movImmediate(RAX, pc);
    leaveFor(X86Frame.LEAVE);
    flags.clobber();
    stackAligned = false;
    known = 0;
    groupsFrom = index + 1;
    if (Effects.endsPath(d)) {
      return false;
    }
    if (last && Effects.endsBlock(d)) {
      ends.enterBehind();
      return false;
    }
    if (last && block.next == null) {
      return false;
    }
    int here = a.newLabel();
    entry(pc + 4, block.live[index + 1], here);
    a.bind(here);
    return true;
  }

  /** RAX is the next address: leaves for a reason. */
  void leaveFor(int reason) {
    a.movImmediate(RDX, reason);
    far(a.jumpFar(0), X86Code.EXIT);
  }

  private void far(int displacement, int routine) {
    if (farCount == far.length) {
      far = Arrays.copyOf(far, 2 * farCount);
    }
    far[farCount++] = displacement << X86Code.ROUTINE_BITS | routine;
  }

  /** Code can be entered here, to go on at a label. */
  void entry(long at, long live, int label) {
    entry(at, live, label, a.newLabel());
  }

  /** The same; a label is then where it begins. */
  void entry(long at, long live, int label, int begin) {
    if (a.position() == 0) {
      writeEntry(at, live, label, begin);
    } else {
      later.entry(label, at, live, begin);
    }
  }

  /** Writes an entry. */
  void writeEntry(long at, long live, int label, int begin) {
    int refused = a.newLabel();
    int spent = a.newLabel();
    a.alignAhead(8);
    a.long8(at);
    a.bind(begin);
    entries.add(new Entry(at, a.position()));
    a.decMemory(
        RSP, X86Frame.BUDGET_LEFT); // first: units that may not run here could lead to each other
    a.jump(X86Assembler.S, spent);
    a.load(true, RAX, RSP, X86Frame.VALID);
    a.cmp8(RAX, unit, 0);
    a.jump(X86Assembler.E, refused);
    if (pin[VECTOR_BASE] >= 0) {
      a.load(true, pin[VECTOR_BASE], RSP, X86Frame.VECTORS);
    }
    reload(live);
    a.jump(label);
    a.bind(refused);
    ends.exit(at); // later code for the address is found without the engine's help
    a.bind(spent);
    a.movImmediate(RAX, at);
    leaveFor(X86Frame.BUDGET_AT_ENTRY);
  }
}
