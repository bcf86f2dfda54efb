package dev.svc0.arm64.jit;

import static dev.svc0.arm64.jit.X86Assembler.ADD;
import static dev.svc0.arm64.jit.X86Assembler.R15;
import static dev.svc0.arm64.jit.X86Assembler.RAX;
import static dev.svc0.arm64.jit.X86Assembler.RDX;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.arm64.decode.Op;
import dev.svc0.arm64.decode.PreDecoder;
import dev.svc0.arm64.isa.A64;

/** Loads and stores of one or two registers that have no operation of their own. */
final class X86Transfer extends X86Instruction {
  private static final int READ = X86Memory.READ;
  private static final int WRITE = X86Memory.WRITE;
  private static final int STORE = 0;
  private static final int LOAD = 1;

  // How the address and the base register change.
  private static final int POST = 1;
  private static final int UNPRIVILEGED = 2;
  private static final int PRE = 3;

  X86Transfer(X86Writer m, int number, int insn) {
    super(m, number, insn);
  }

  boolean emit() {
    return switch (number) {
      case A64.PRFM_lit, A64.PRFM_uimm, A64.PRFM_unscaled -> true;
      case A64.LDR_lit, A64.LDRSW_lit, A64.LDR_fp_lit -> literal();
      case A64.STNP, A64.LDNP, A64.LDPSW_off, A64.LDPSW_pre, A64.LDPSW_post -> pair();
      case A64.STP_off, A64.LDP_off, A64.STP_pre, A64.LDP_pre, A64.STP_post, A64.LDP_post -> pair();
      case A64.STNP_fp, A64.LDNP_fp, A64.STP_fp_off, A64.LDP_fp_off -> vectorPair();
      case A64.STP_fp_pre, A64.LDP_fp_pre, A64.STP_fp_post, A64.LDP_fp_post -> vectorPair();
      default ->
          number >= A64.STR_fp_uimm
              ? number <= A64.LDR_fp_reg && vector()
              : number >= A64.STR_uimm && number <= A64.LDRS32_reg && single();
    };
  }

  // ---- addresses ----

  /** Offset in bytes, for an access of 1 &lt;&lt; size bytes. */
  private int offset(int size) {
    return field(24, 1) != 0 ? field(10, 12) << size : signedField(12, 9);
  }

  private boolean hasRegisterOffset() {
    return field(24, 1) == 0 && field(21, 1) != 0;
  }

  private int mode() {
    int mode = field(24, 1) != 0 || field(21, 1) != 0 ? 0 : field(10, 2);
    return mode == UNPRIVILEGED ? 0 : mode;
  }

  /** Has RAX be the address. */
  private void address(int size) {
    if (!hasRegisterOffset()) {
      address(mode(), offset(size));
      return;
    }
    if (n == Cpu.SP) {
      m.checkStack();
    }
    X86Integer.extended(m, RAX, source(r), field(13, 3), field(12, 1) * size);
    m.alu(ADD, true, RAX, n);
  }

  private void address(int mode, int offset) {
    if (n == Cpu.SP) {
      m.checkStack();
    }
    X86Memory.base(m, n, mode == POST ? 0 : offset);
  }

  private boolean isReserved() {
    return hasRegisterOffset() && field(14, 1) == 0;
  }

  private void moveBase(int mode, int offset) {
    if ((mode & 1) != 0) {
      X86Memory.moveBase(m, PreDecoder.pack(0, 0, n, 0, 0, 0), offset);
    }
  }

  // ---- general registers ----

  private boolean single() {
    int size = insn >>> 30;
    int what = field(22, 2);
    boolean isPrefetch = number == A64.PRFM_reg;
    boolean exists = what < 2 || what == 2 && size < 3 || what == 3 && size < 2 || isPrefetch;
    if (!exists || isReserved()) {
      return false;
    }
    if (isPrefetch) {
      return n != Cpu.SP;
    }
    address(size);
    m.reachAccumulator(1 << size, what == STORE ? WRITE : READ);
    if (what == STORE) {
      X86Memory.store(m, size, m.in(source(d), RDX));
      moveBase(mode(), offset(size));
    } else {
      X86Memory.load(m, operation(size, what), RDX);
      moveBase(mode(), offset(size));
      m.done(target(d), RDX);
    }
    return true;
  }

  /** The operation that loads so: zero-extended, sign-extended to 64 bits, or to 32. */
  private static int operation(int size, int what) {
    return switch (what) {
      case LOAD -> new int[] {Op.LDR8, Op.LDR16, Op.LDR32, Op.LDR64}[size];
      case 2 -> new int[] {Op.LDRS8_64, Op.LDRS16_64, Op.LDRS32_64}[size];
      default -> new int[] {Op.LDRS8_32, Op.LDRS16_32}[size];
    };
  }

  private boolean literal() {
    int opc = insn >>> 30;
    boolean isVector = number == A64.LDR_fp_lit;
    if (isVector && opc == 3) {
      return false;
    }
    int size = isVector ? 2 + opc : number == A64.LDRSW_lit || opc == 0 ? 2 : 3;
    a.movImmediate(RAX, m.pc + ((long) signedField(5, 19) << 2));
    m.reachAccumulator(1 << size, READ);
    if (isVector) {
      X86Memory.transfer(m, 2 * d, size, 0, true);
      return true;
    }
    int to = m.out(target(d), RDX);
    X86Memory.load(m, number == A64.LDRSW_lit ? Op.LDRS32_64 : operation(size, LOAD), to);
    m.done(target(d), to);
    return true;
  }

  private boolean pair() {
    boolean isSigned = field(30, 1) != 0;
    boolean wide = insn < 0;
    int size = wide ? 3 : 2;
    int mode = field(23, 2);
    int offset = signedField(15, 7) << size;
    boolean isLoad = field(22, 1) != 0;
    int second = field(10, 5);
    address(mode, offset);
    m.reachAccumulator(2 << size, isLoad ? READ : WRITE);
    if (!isLoad) {
      a.store(wide, R15, RAX, 1, 0, m.in(source(d), RDX));
      a.store(wide, R15, RAX, 1, 1 << size, m.in(source(second), RDX));
      moveBase(mode, offset);
      return true;
    }
    if (isSigned) {
      a.movsx(true, 2, RDX, R15, RAX, 0);
      a.movsx(true, 2, RAX, R15, RAX, 4);
    } else {
      a.load(wide, RDX, R15, RAX, 1, 0);
      a.load(wide, RAX, R15, RAX, 1, 1 << size);
    }
    moveBase(mode, offset);
    m.done(target(d), RDX);
    m.done(target(second), RAX);
    return true;
  }

  // ---- vector registers ----

  private boolean vectorPair() {
    int opc = insn >>> 30;
    if (opc == 3) {
      return false;
    }
    int size = 2 + opc;
    int mode = field(23, 2);
    int offset = signedField(15, 7) << size;
    boolean isLoad = field(22, 1) != 0;
    address(mode, offset);
    m.reachAccumulator(2 << size, isLoad ? READ : WRITE);
    X86Memory.transfer(m, 2 * d, size, 0, isLoad);
    X86Memory.transfer(m, 2 * field(10, 5), size, 1 << size, isLoad);
    moveBase(mode, offset);
    return true;
  }

  private boolean vector() {
    int size = field(23, 1) << 2 | insn >>> 30;
    boolean isLoad = field(22, 1) != 0;
    if (size > 4 || isReserved()) {
      return false;
    }
    address(size);
    m.reachAccumulator(1 << size, isLoad ? READ : WRITE);
    X86Memory.transfer(m, 2 * d, size, 0, isLoad);
    moveBase(mode(), offset(size));
    return true;
  }
}
