package dev.svc0.arm64.jit;

import static dev.svc0.arm64.jit.X86Assembler.AND;
import static dev.svc0.arm64.jit.X86Assembler.CMP;
import static dev.svc0.arm64.jit.X86Assembler.NONE;
import static dev.svc0.arm64.jit.X86Assembler.R13;
import static dev.svc0.arm64.jit.X86Assembler.RAX;
import static dev.svc0.arm64.jit.X86Assembler.RCX;
import static dev.svc0.arm64.jit.X86Assembler.RDX;
import static dev.svc0.arm64.jit.X86Assembler.RSP;
import static dev.svc0.arm64.jit.X86Assembler.SHR;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.arm64.decode.Op;
import org.jspecify.annotations.Nullable;

/** The ends of a unit's blocks: where control goes, and how the unit is left. */
final class X86Ends {
  private static final int LINK_REGISTER = 30;

  private final X86Writer m;
  private final X86Assembler a;

  X86Ends(X86Writer m) {
    this.m = m;
    this.a = m.a;
  }

  /** The last instruction of the writer's block, of which another one may lie below. */
  void end(long last, @Nullable Block below) {
    switch (Effects.op(last)) {
      case Op.B -> go(m.block, m.block.taken, Effects.target(last, m.pc), below);
      case Op.BL -> call(Effects.target(last, m.pc));
      case Op.BLR, Op.BR -> jumpRegister(last);
      case Op.RET -> returnTo(last);
      case Op.SVC -> svc(last);
      default -> {
        if (Effects.isDirectBranch(last)) {
          conditional(last);
        }
        go(m.block, m.block.next, m.block.end(), below);
      }
    }
  }

  /** Goes on at a block, or leaves the unit for an address. */
  private void go(Block from, @Nullable Block to, long address, @Nullable Block below) {
    if (to == null) {
      m.spill(from.dirty[from.ops.length]);
      exit(address);
    } else if (to.start <= from.start) {
      int spent = a.newLabel();
      a.decMemory(RSP, X86Frame.BUDGET_LEFT);
      a.jump(X86Assembler.S, spent);
      a.jump(m.label(to));
      m.later.spent(spent, to.start, from.dirty[from.ops.length] & to.used[0]);
    } else if (to != below) {
      a.jump(m.label(to));
    }
  }

  /** All state is stored: goes on at an address, at first with the engine's help. */
  void exit(long address) {
    a.alignAhead(1);
    int unlinked = a.newLabel();
    a.jump(unlinked);
    int displacement = a.position() - Integer.BYTES;
    m.later.unlinked(unlinked, address, displacement);
  }

  private void call(long target) {
    link();
    m.spill(m.block.dirty[m.block.ops.length]);
    exit(target);
    enterBehind();
  }

  /** The link register is the address of the next instruction. */
  private void link() {
    int to = m.out(LINK_REGISTER, RDX);
    a.movImmediate(to, m.block.end());
    m.done(LINK_REGISTER, to);
  }

  void enterBehind() {
    Block next = m.block.next;
    if (next != null) {
      m.entry(next.start, next.liveIn, m.label(next));
    }
  }

  private void jumpRegister(long d) {
    m.get(true, RAX, Effects.b(d));
    if (Effects.op(d) == Op.BLR) {
      link();
    }
    m.spill(m.block.dirty[m.block.ops.length]);
    goToTable();
    if (Effects.op(d) == Op.BLR) {
      enterBehind();
    }
  }

  private void returnTo(long d) {
    m.get(true, RAX, Effects.b(d));
    m.spill(m.block.dirty[m.block.ops.length]);
    int returned = a.newLabel();
    int stack = m.in(Cpu.SP, RCX);
    a.aluLoad(CMP, true, stack, RSP, X86Frame.RETURN_STACK);
    a.jump(X86Assembler.GE, returned);
    goToTable();
    m.later.leaveFor(returned, X86Frame.RETURNED);
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
    m.later.leaveFor(missed, X86Frame.INDIRECT);
  }

  private void svc(long d) {
    m.spill(m.block.dirty[m.block.ops.length]);
    a.movImmediate(RAX, m.block.end());
    Block next = m.block.next;
    int behind = a.newLabel();
    if (next == null) {
      a.movImmediate(RCX, 0);
    } else {
      a.leaLabel(RCX, behind);
      m.entry(next.start, next.liveIn, m.label(next), behind);
    }
    m.leaveFor(X86Frame.SVC | (Effects.imm(d) & 0xffff) << X86Frame.REASON_BITS);
  }

  private void conditional(long d) {
    Block to = m.block.taken;
    int taken;
    if (to != null && to.start > m.block.start) {
      taken = m.label(to);
    } else {
      taken = a.newLabel();
      m.later.taken(taken, m.block);
    }
    branch(d, taken);
  }

  /** The conditional branch of a block is taken, to where the blocks do not go on. */
  void goTaken(int label, int index) {
    Block from = m.code.all()[index];
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
          a.jump(m.flags.condition(Effects.e(d)), target);
        }
      }
      case Op.CBZ64, Op.CBNZ64, Op.CBZ32, Op.CBNZ32 -> {
        boolean wide = op == Op.CBZ64 || op == Op.CBNZ64;
        boolean zero = op == Op.CBZ64 || op == Op.CBZ32;
        if (b < X86Writer.ZERO && !m.isPinned(b)) {
          a.aluMemory(CMP, wide, R13, 8 * b - X86Writer.BIAS, 0);
        } else {
          int host = m.in(b, RAX);
          a.test(wide, host, host);
        }
        a.jump(zero ? X86Assembler.E : X86Assembler.NE, target);
      }
      default -> {
        int host = m.in(b, RAX);
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
    m.flags.clobber();
  }
}
