package dev.svc0.arm64.jit;

import static dev.svc0.arm64.jit.X86Assembler.AND;
import static dev.svc0.arm64.jit.X86Assembler.CMP;
import static dev.svc0.arm64.jit.X86Assembler.NONE;
import static dev.svc0.arm64.jit.X86Assembler.R10;
import static dev.svc0.arm64.jit.X86Assembler.R11;
import static dev.svc0.arm64.jit.X86Assembler.R12;
import static dev.svc0.arm64.jit.X86Assembler.R13;
import static dev.svc0.arm64.jit.X86Assembler.R14;
import static dev.svc0.arm64.jit.X86Assembler.R8;
import static dev.svc0.arm64.jit.X86Assembler.R9;
import static dev.svc0.arm64.jit.X86Assembler.RAX;
import static dev.svc0.arm64.jit.X86Assembler.RBP;
import static dev.svc0.arm64.jit.X86Assembler.RBX;
import static dev.svc0.arm64.jit.X86Assembler.RCX;
import static dev.svc0.arm64.jit.X86Assembler.RDI;
import static dev.svc0.arm64.jit.X86Assembler.RDX;
import static dev.svc0.arm64.jit.X86Assembler.RSI;
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
 * <p><b>Flags.</b> Where they may be needed later they are in the frame as LAHF and SETO give them,
 * with the carry as the guest has it (an inverted borrow); otherwise only the host's own flags hold
 * them for the instructions right behind.
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
  private static final int VECTOR_BASE = 34;

  private static final int LINK_REGISTER = 30;
  private static final int[] PINS = {RBX, RBP, RSI, RDI, R8, R9, R10, R11, R12, R14};

  /** R13 points so many bytes behind the first register, for displacements of one byte. */
  static final int BIAS = 128;

  private static final int PAGE_SHIFT = 12;
  private static final int PAGE = 1 << PAGE_SHIFT;
  private static final int MOST_WEIGHT_SHIFT = 9;
  private static final int LOOP_SHIFT = 3;
  private static final int WEIGHT_BITS = 32;
  private static final int FIRST_FAR = 64;

  /** OF is bit 0 of the saved flags, and this added to AL sets OF again. */
  private static final int OVERFLOW_AGAIN = 0x7f;

  /** How the host's flags stand for the guest's. */
  enum HostFlags {
    /** They do not. */
    NONE,
    /** The carry is as the guest has it. */
    CARRY,
    /** The carry is the borrow: the inverse. */
    BORROW
  }

  /** Where code can be entered. */
  record Entry(long pc, int offset) {}

  final X86Assembler a = new X86Assembler();
  private final GuestCode code;
  private final int unit;

  /** Host register of each guest register; −1: it is in memory. */
  private final int[] pin = new int[VECTOR_BASE + 1];

  /** Guest registers that are pinned, as bits. */
  private long pinned;

  /** Of the first block; the others follow. */
  private int firstLabel;

  private final List<Entry> entries = new ArrayList<>();

  /** Offsets of displacements of jumps to common routines, and which. */
  private int[] far = new int[FIRST_FAR];

  private int farCount;

  /** What is rarely reached, behind all blocks. */
  final X86Later later = new X86Later();

  private HostFlags hostFlags = HostFlags.NONE;

  /** Of the instruction. */
  long pc;

  private Block block;
  private int index;
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

  X86Writer(GuestCode code, int unit) {
    this.code = code;
    this.unit = unit;
    this.block = code.entry();
    Arrays.fill(pin, -1);
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
    choosePins();
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

  /** Pins what is used most, where code in loops counts more. */
  private void choosePins() {
    long[] weights = weights();
    long left = -1;
    for (int host : PINS) {
      long best = left;
      long more = 0; // than 1
      for (int bit = WEIGHT_BITS - 1; bit >= 0; bit--) {
        long have = best & weights[bit];
        if (have != 0) {
          best = have;
          more |= bit;
        }
      }
      if (more == 0) {
        return;
      }
      int register = Long.numberOfTrailingZeros(best);
      left &= ~(1L << register);
      pin[register] = host;
      pinned |= register < ZERO ? 1L << register : 0;
    }
  }

  /**
   * How often registers are used. Counts for all of them at once: element n has bit n of each
   * register's number.
   */
  private long[] weights() {
    Block[] blocks = code.all();
    byte[] shift = loopShifts(blocks);
    long[] weights = new long[WEIGHT_BITS];
    for (Block each : blocks) {
      int[] info = each.info;
      for (int i = 0; i < info.length; i++) {
        if ((info[i] & Effects.SHARED) != 0) {
          continue;
        }
        long used = each.reads[i] | each.writes[i];
        long carry = used & 0xffffffffL | (used >>> 32 != 0 ? 1L << VECTOR_BASE : 0);
        for (int bit = shift[each.index]; carry != 0; bit++) {
          long before = weights[bit];
          weights[bit] = before ^ carry;
          carry &= before;
        }
      }
    }
    return weights;
  }

  /** Logarithm of what each block counts. */
  private static byte[] loopShifts(Block[] blocks) {
    byte[] shift = new byte[blocks.length];
    for (Block from : blocks) {
      Block to = from.taken;
      if (to != null && to.index <= from.index) {
        for (int i = to.index; i <= from.index; i++) {
          shift[i] += (byte) (shift[i] < MOST_WEIGHT_SHIFT ? LOOP_SHIFT : 0);
        }
      }
    }
    return shift;
  }

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

  // ---- flags ----

  /** Whether the program may still use the flags after this instruction. */
  boolean flagsUsed() {
    return block.flagsUsed[index + 1];
  }

  /**
   * The host's flags are those of this instruction, the last that it executes: saves them if more
   * than the instructions right behind need them.
   */
  void flagsAre(HostFlags now) {
    if (!flagsUsed()) {
      hostFlags = HostFlags.NONE;
      return;
    }
    hostFlags = now;
    if (usedOnlyRightBehind()) {
      return;
    }
    if (now == HostFlags.BORROW) {
      a.cmc();
      hostFlags = HostFlags.CARRY;
    }
    a.lahf();
    a.set(X86Assembler.O, RAX);
    a.store(false, RSP, X86Frame.FLAGS, RAX);
  }

  /** Whether what uses the flags follows at once and leaves the host's flags alone. */
  private boolean usedOnlyRightBehind() {
    for (int i = index + 1; i < block.ops.length; i++) {
      int op = Effects.op(block.ops[i]);
      if (op == Op.BCOND) {
        return !block.flagsUsed[block.ops.length];
      }
      if (op < Op.CSEL64 || op > Op.CSNEG32) {
        return false;
      }
      if (!block.flagsUsed[i + 1]) {
        return true;
      }
    }
    return false;
  }

  /**
   * The host's flags are those of a comparison here, and the given ones are the guest's at a label,
   * where nothing of the instruction was executed.
   */
  void flagsAreEither(int label, int nzcv) {
    int saved = QuickContext.flags(nzcv);
    int done = a.newLabel();
    boolean keeps = usedOnlyRightBehind();
    if (flagsUsed()) {
      a.cmc();
      if (!keeps) {
        a.lahf();
        a.set(X86Assembler.O, RAX);
        a.store(false, RSP, X86Frame.FLAGS, RAX);
      }
    }
    a.bind(done);
    hostFlags = keeps && flagsUsed() ? HostFlags.CARRY : HostFlags.NONE;
    boolean used = flagsUsed();
    later.add(() -> {
      a.bind(label);
      if (used && keeps) {
        a.movImmediate(RAX, saved);
        a.addAl(OVERFLOW_AGAIN);
        a.sahf();
      } else if (used) {
        a.storeImmediate(false, RSP, X86Frame.FLAGS, saved);
      }
      a.jump(done);
    });
  }

  /** Has the host's carry stand for the guest's in a way; RAX is lost. */
  void carryIs(HostFlags how) {
    needFlags();
    if (hostFlags != how) {
      a.cmc();
      hostFlags = how;
    }
  }

  /** The host's flags do not stand for the guest's any more. */
  void clobberFlags() {
    hostFlags = HostFlags.NONE;
  }

  /** Has the host's flags stand for the guest's; RAX is lost. */
  private void needFlags() {
    if (hostFlags == HostFlags.NONE) {
      a.load(false, RAX, RSP, X86Frame.FLAGS);
      a.addAl(OVERFLOW_AGAIN);
      a.sahf();
      hostFlags = HostFlags.CARRY;
    }
  }

  /**
   * The host's condition for a guest's, of which the host's flags are made to tell; RAX is lost.
   * Not for AL and NV.
   */
  int condition(int guest) {
    needFlags();
    int base = guest >>> 1;
    boolean borrow = hostFlags == HostFlags.BORROW;
    if (base == 4 && !borrow) { // HI: carry and not zero
      a.cmc();
      hostFlags = HostFlags.BORROW;
      borrow = true;
    }
    int host =
        switch (base) {
          case 0 -> X86Assembler.E;
          case 1 -> borrow ? X86Assembler.AE : X86Assembler.B;
          case 2 -> X86Assembler.S;
          case 3 -> X86Assembler.O;
          case 4 -> X86Assembler.A;
          case 5 -> X86Assembler.GE;
          default -> X86Assembler.G;
        };
    return host ^ guest & 1;
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
    a.shiftImmediate(SHR, true, RCX, PAGE_SHIFT);
    X86Code.permitted(a, RCX, access, out);
    a.bind(allowed);
    later.check(slow, allowed, out, bytes, access);
  }

  /** The rest of {@link #check}: a routine looks at both ends. */
  void checkSlowly(int slow, int allowed, int out, int bytes, int access) {
    a.bind(slow);
    a.movImmediate(RCX, bytes - 1);
    far(a.callFar(0), X86Code.CHECKS[access]);
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

  private int label(Block of) {
    return firstLabel + of.index;
  }

  private void block(Block now, @Nullable Block below) {
    a.bind(label(now));
    block = now;
    hostFlags = HostFlags.NONE;
    stackAligned = false;
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
    end(now.last(), below);
  }

  /** False when nothing can follow. */
  private boolean instruction(int at, long d) {
    index = at;
    pc = block.pc(at);
    leaving = -1;
    if ((block.info[at] & Effects.READS_FLAGS) == 0) {
      hostFlags = HostFlags.NONE;
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
    hostFlags = HostFlags.NONE;
    stackAligned = false;
    groupsFrom = index + 1;
    if (Effects.endsPath(d)) {
      return false;
    }
    if (last && Effects.endsBlock(d)) {
      enterBehind();
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
  private void entry(long at, long live, int label) {
    entry(at, live, label, a.newLabel());
  }

  /** The same; a label is then where it begins. */
  private void entry(long at, long live, int label, int begin) {
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
    exit(at); // later code for the address is found without the engine's help
    a.bind(spent);
    a.movImmediate(RAX, at);
    leaveFor(X86Frame.BUDGET_AT_ENTRY);
  }

  // ---- ends of blocks ----

  private void end(long last, @Nullable Block below) {
    switch (Effects.op(last)) {
      case Op.B -> go(block, block.taken, Effects.target(last, pc), below);
      case Op.BL -> call(Effects.target(last, pc));
      case Op.BLR, Op.BR -> jumpRegister(last);
      case Op.RET -> returnTo(last);
      case Op.SVC -> svc(last);
      default -> {
        if (Effects.isDirectBranch(last)) {
          conditional(last);
        }
        go(block, block.next, block.end(), below);
      }
    }
  }

  /** Goes on at a block, or leaves the unit for an address. */
  private void go(Block from, @Nullable Block to, long address, @Nullable Block below) {
    if (to == null) {
      spill(from.dirty[from.ops.length]);
      exit(address);
    } else if (to.start <= from.start) {
      int spent = a.newLabel();
      a.decMemory(RSP, X86Frame.BUDGET_LEFT);
      a.jump(X86Assembler.S, spent);
      a.jump(label(to));
      later.spent(spent, to.start, from.dirty[from.ops.length] & to.used[0]);
    } else if (to != below) {
      a.jump(label(to));
    }
  }

  /** All state is stored: goes on at an address, at first with the engine's help. */
  private void exit(long address) {
    a.alignAhead(1);
    int unlinked = a.newLabel();
    a.jump(unlinked);
    int displacement = a.position() - Integer.BYTES;
    later.unlinked(unlinked, address, displacement);
  }

  private void call(long target) {
    link();
    spill(block.dirty[block.ops.length]);
    exit(target);
    enterBehind();
  }

  /** The link register is the address of the next instruction. */
  private void link() {
    int to = out(LINK_REGISTER, RDX);
    a.movImmediate(to, block.end());
    done(LINK_REGISTER, to);
  }

  private void enterBehind() {
    Block next = block.next;
    if (next != null) {
      entry(next.start, next.liveIn, label(next));
    }
  }

  private void jumpRegister(long d) {
    get(true, RAX, Effects.b(d));
    if (Effects.op(d) == Op.BLR) {
      link();
    }
    spill(block.dirty[block.ops.length]);
    goToTable();
    if (Effects.op(d) == Op.BLR) {
      enterBehind();
    }
  }

  private void returnTo(long d) {
    get(true, RAX, Effects.b(d));
    spill(block.dirty[block.ops.length]);
    int returned = a.newLabel();
    int stack = in(Cpu.SP, RCX);
    a.aluLoad(CMP, true, stack, RSP, X86Frame.RETURN_STACK);
    a.jump(X86Assembler.GE, returned);
    goToTable();
    later.leaveFor(returned, X86Frame.RETURNED);
  }

  /** RAX is the next address: goes on where code for it is, if the table knows. */
  private void goToTable() {
    int missed = a.newLabel();
    a.load(true, RDX, RSP, X86Frame.TABLE);
    a.mov(false, RCX, RAX);
    a.shiftImmediate(SHR, false, RCX, X86Code.TABLE_SHIFT);
    a.alu(X86Assembler.XOR, false, RCX, RAX);
    a.aluImmediate(AND, false, RCX, X86Code.TABLE_MASK << 2);
    a.load(true, RCX, RDX, RCX, 2, 0);
    a.memory(0, true, CMP << 3 | 3, RAX, RCX, NONE, 1, -Long.BYTES);
    a.jump(X86Assembler.NE, missed);
    a.jumpRegister(RCX);
    later.leaveFor(missed, X86Frame.INDIRECT);
  }

  private void svc(long d) {
    spill(block.dirty[block.ops.length]);
    a.movImmediate(RAX, block.end());
    Block next = block.next;
    int behind = a.newLabel();
    if (next == null) {
      a.movImmediate(RCX, 0);
    } else {
      a.leaLabel(RCX, behind);
      entry(next.start, next.liveIn, label(next), behind);
    }
    leaveFor(X86Frame.SVC | (Effects.imm(d) & 0xffff) << X86Frame.REASON_BITS);
  }

  private void conditional(long d) {
    Block to = block.taken;
    int taken;
    if (to != null && to.start > block.start) {
      taken = label(to);
    } else {
      taken = a.newLabel();
      later.taken(taken, block);
    }
    branch(d, taken);
  }

  /** The conditional branch of a block is taken, to where the blocks do not go on. */
  void goTaken(int label, int index) {
    Block from = code.all()[index];
    a.bind(label);
    go(from, from.taken, Effects.target(from.last(), from.end() - 4), null);
  }

  private void branch(long d, int target) {
    int b = Effects.b(d);
    int op = Effects.op(d);
    switch (op) {
      case Op.BCOND -> {
        if (Effects.e(d) >= 14) {
          a.jump(target);
        } else {
          a.jump(condition(Effects.e(d)), target);
        }
      }
      case Op.CBZ64, Op.CBNZ64, Op.CBZ32, Op.CBNZ32 -> {
        boolean wide = op == Op.CBZ64 || op == Op.CBNZ64;
        boolean zero = op == Op.CBZ64 || op == Op.CBZ32;
        if (b < ZERO && pin[b] < 0) {
          a.aluMemory(CMP, wide, R13, 8 * b - BIAS, 0);
        } else {
          int host = in(b, RAX);
          a.test(wide, host, host);
        }
        a.jump(zero ? X86Assembler.E : X86Assembler.NE, target);
      }
      default -> {
        int host = in(b, RAX);
        int bit = Effects.c(d);
        if (bit < 8) {
          a.test8(host, 1 << bit);
          a.jump(op == Op.TBZ ? X86Assembler.E : X86Assembler.NE, target);
        } else {
          a.bitTest(bit >= 32, host, bit);
          a.jump(op == Op.TBZ ? X86Assembler.AE : X86Assembler.B, target);
        }
      }
    }
    hostFlags = HostFlags.NONE;
  }
}
