package dev.svc0.arm64.jit;

import static dev.svc0.arm64.jit.Emitter.CPU;
import static dev.svc0.arm64.jit.Emitter.I;
import static dev.svc0.arm64.jit.Emitter.J;
import static dev.svc0.arm64.jit.Emitter.L_ABORT;
import static dev.svc0.arm64.jit.Emitter.L_BASE;
import static dev.svc0.arm64.jit.Emitter.L_CPU;
import static dev.svc0.arm64.jit.Emitter.L_DEPTH;
import static dev.svc0.arm64.jit.Emitter.L_FLAG_A;
import static dev.svc0.arm64.jit.Emitter.L_FLAG_B;
import static dev.svc0.arm64.jit.Emitter.L_HELD;
import static dev.svc0.arm64.jit.Emitter.L_PERMISSIONS;
import static dev.svc0.arm64.jit.Emitter.L_T;
import static dev.svc0.arm64.jit.Emitter.L_V;
import static dev.svc0.arm64.jit.Emitter.L_X;

import dev.svc0.arm64.cpu.GuestAbort;
import dev.svc0.arm64.decode.Op;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicCallSiteDesc;
import java.lang.constant.MethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Writes the method of a unit: entry, blocks, and what is rarely reached at the end. */
final class UnitWriter {
  private static final ClassDesc LINKER = Linker.class.describeConstable().orElseThrow();
  private static final ClassDesc ABORT = GuestAbort.class.describeConstable().orElseThrow();
  private static final ClassDesc LONGS = ConstantDescs.CD_long.arrayType();
  private static final int LINK_REGISTER = 30;
  private static final int SWITCH_SPAN = 20;

  private static final DirectMethodHandleDesc BOOTSTRAP =
      MethodHandleDesc.ofMethod(
          DirectMethodHandleDesc.Kind.STATIC,
          LINKER,
          "bootstrap",
          MethodTypeDesc.of(
              ConstantDescs.CD_CallSite,
              ConstantDescs.CD_MethodHandles_Lookup,
              ConstantDescs.CD_String,
              ConstantDescs.CD_MethodType,
              J));

  private final CodeBuilder c;
  private final Emitter m;
  private final GuestCode code;
  private final int unit;
  private final Map<Block, Label> labels = new HashMap<>();
  private final Map<Abort, Label> abortLabels = new HashMap<>();
  private final Map<Abort, Label> leaveLabels = new HashMap<>();
  private final List<Runnable> later;

  UnitWriter(CodeBuilder c, GuestCode code, int unit) {
    this.c = c;
    this.m = new Emitter(c);
    this.later = m.later;
    this.code = code;
    this.unit = unit;
  }

  void write() {
    for (Block block : code.blocks()) {
      labels.put(block, c.newLabel());
    }
    enter();
    for (int i = 0; i < code.blocks().size(); i++) {
      Block block = code.blocks().get(i);
      Block below = i + 1 < code.blocks().size() ? code.blocks().get(i + 1) : null;
      block(block, below);
    }
    for (int i = 0; i < later.size(); i++) {
      later.get(i).run(); // may add to the list
    }
    abortLabels.forEach(this::onAbort);
    leaveLabels.forEach(this::onLeave);
  }

  private void enter() {
    Label allowed = c.newLabel();
    Label refused = c.newLabel();
    m.branchIfRequested(refused);
    c.iload(L_DEPTH);
    m.constant(Support.MOST_DEPTH);
    c.if_icmpge(refused);
    c.aload(L_CPU);
    m.constant(unit);
    m.helper("isValid", ConstantDescs.CD_boolean, CPU, I);
    c.ifne(allowed);
    c.labelBinding(refused);
    c.aload(L_CPU);
    m.constant(unit);
    c.iload(L_DEPTH);
    m.helper("refused", J, CPU, I, I);
    c.lreturn();
    c.labelBinding(allowed);
    c.aload(L_CPU).getfield(CPU, "x", LONGS).astore(L_X);
    c.aload(L_CPU).getfield(CPU, "v", LONGS).astore(L_V);
    c.aload(L_CPU).getfield(CPU, "windowBase", J).lstore(L_BASE);
    c.aload(L_CPU).getfield(CPU, "permissionBase", J).lstore(L_PERMISSIONS);
    c.lconst_0().lstore(L_FLAG_A).lconst_0().lstore(L_FLAG_B).iconst_0().istore(L_HELD);
    m.pages = StablePages.of(code, m);
    m.pages.start(m);
    m.reloadFlags();
    m.reload(code.entry().liveIn);
    if (code.entry() != code.blocks().getFirst()) {
      c.goto_(label(code.entry()));
    }
  }

  private Label label(Block block) {
    return Objects.requireNonNull(labels.get(block), "a block of this unit");
  }

  private void block(Block block, @Nullable Block below) {
    c.labelBinding(label(block));
    m.kind = block.kindIn;
    m.otherwise = -1;
    m.stackAligned = false;
    m.groups = AccessGroups.of(block);
    int count = block.ops.length;
    for (int i = 0; i < count; i++) {
      long d = block.ops[i];
      if (i < count - 1 || !Effects.endsBlock(d) || Effects.isSemantics(d)) {
        guarded(block, i, d);
      }
    }
    m.groups.close();
    m.pc = block.end() - 4;
    end(block, block.last(), below);
  }

  /** An instruction, and what is to be stored if it aborts or leaves the unit. */
  private void guarded(Block block, int index, long d) {
    if (Effects.isSemantics(d)) {
      Label begin = c.newBoundLabel();
      instruction(block, index);
      Label handler = abortLabels.computeIfAbsent(abort(block, index), key -> c.newLabel());
      c.exceptionCatch(begin, c.newBoundLabel(), handler, ABORT);
      return;
    }
    m.leaving = null;
    instruction(block, index);
    Label leaving = m.leaving;
    if (leaving != null) {
      long pc = block.pc(index);
      Abort abort = abort(block, index);
      later.add(() -> {
        c.labelBinding(leaving);
        m.constant(pc);
        c.goto_(leaveLabels.computeIfAbsent(abort, key -> c.newLabel()));
      });
    }
  }

  private static Abort abort(Block block, int index) {
    return new Abort(block.onAbort[index], block.flagsUsed[index]);
  }

  private record Abort(long registers, boolean flags) {}

  private void onAbort(Abort abort, Label label) {
    c.labelBinding(label);
    c.astore(L_ABORT);
    m.kind = Block.KIND_UNKNOWN;
    m.spillAll(abort.registers, abort.flags);
    c.aload(L_ABORT).athrow();
  }

  /** The address of an instruction is on the stack: the interpreter goes on there. */
  private void onLeave(Abort abort, Label label) {
    c.labelBinding(label);
    c.lstore(L_T);
    m.kind = Block.KIND_UNKNOWN;
    m.spillAll(abort.registers, abort.flags);
    c.aload(L_CPU).lload(L_T).iload(L_DEPTH);
    m.helper("leave", J, CPU, J, I);
    c.lreturn();
  }

  private void instruction(Block block, int index) {
    long d = block.ops[index];
    m.pc = block.pc(index);
    int op = Effects.op(d);
    if (Effects.isIntrinsic(d)) {
      m.groups.begin(m, index);
      Intrinsics.emit(m, Effects.number(d), Effects.imm(d));
    } else if (op == Op.SEMANTICS) {
      semantics(block, index, d);
    } else if (op <= Op.UMULH) {
      EmitInteger.emit(m, d);
    } else if (op < Op.B || op >= Op.LDV_R && op <= Op.STRS_V) {
      m.groups.begin(m, index);
      EmitMemory.emit(m, d);
    } else if (op == Op.MRS_TPIDR) {
      EmitInteger.threadPointer(m, d);
    } else if (op >= Op.FADD) {
      EmitVector.emit(m, d);
    }
  }

  /** Calls the shared method: what it may look at is stored, what it may change is loaded. */
  private void semantics(Block block, int index, long d) {
    m.groups.close();
    long touched = Effects.touched(d);
    m.spill(block.dirty[index] & touched);
    if (Effects.readsFlags(d)) {
      m.spillFlags();
    }
    c.aload(L_CPU);
    m.constant(m.pc);
    m.constant(Effects.imm(d));
    m.constant(Effects.number(d));
    m.helper("execute", ConstantDescs.CD_void, CPU, J, I, I);
    if (Effects.flagKind(d) >= 0) {
      m.reloadFlags();
    }
    m.stackAligned = false;
    m.reload(touched & block.live[index + 1]);
  }

  private void end(Block block, long last, @Nullable Block below) {
    switch (Effects.op(last)) {
      case Op.B -> go(block, block.taken, Effects.target(last, m.pc), below);
      case Op.BL -> call(block, Effects.target(last, m.pc), below);
      case Op.BLR -> callRegister(block, last, below);
      case Op.RET -> leaveTo(block, last);
      case Op.BR -> jump(block, last);
      case Op.SVC -> svc(block, last, below);
      default -> {
        if (Effects.isDirectBranch(last)) {
          conditional(block, last);
          go(block, block.next, block.end(), below);
        } else if (Effects.changesCode(last)) {
          afterChange(block, below);
        } else if (Effects.endsPath(last)) {
          c.lconst_0().lreturn();
        } else {
          go(block, block.next, block.end(), below);
        }
      }
    }
  }

  /** Goes on at a block, or leaves the unit for an address. */
  private void go(Block from, @Nullable Block to, long address, @Nullable Block below) {
    if (to == null) {
      exit(from, address);
    } else if (to.start <= from.start) {
      Label poll = c.newLabel();
      m.branchIfRequested(poll);
      c.goto_(label(to));
      int kind = m.kind;
      later.add(() -> pollExit(from, to, poll, kind));
    } else if (to != below) {
      c.goto_(label(to));
    }
  }

  /** Leaves the unit to go on at a block of it. */
  private void pollExit(Block from, Block to, Label label, int kind) {
    c.labelBinding(label);
    m.kind = kind;
    long registers = from.dirty[from.ops.length] & to.used[0];
    m.spillAll(registers, from.flagsDirtyOut && to.flagsUsed[0]);
    m.storePc(to.start);
    m.constant(Support.UNWIND);
    c.lreturn();
  }

  /** The unit at another address goes on. */
  private void exit(Block from, long address) {
    m.spillAll(from.dirty[from.ops.length], from.flagsDirtyOut && !from.flagsDropped);
    invoke(address);
    c.lreturn();
  }

  private void invoke(long address) {
    c.aload(L_CPU).iload(L_DEPTH).iconst_1().iadd();
    c.invokedynamic(
        DynamicCallSiteDesc.of(
            BOOTSTRAP, "to_" + Long.toHexString(address), Translator.CODE_TYPE, address));
  }

  private void conditional(Block block, long d) {
    Label taken;
    long address = Effects.target(d, m.pc);
    Block to = block.taken;
    if (to != null && to.start > block.start) {
      taken = label(to);
    } else {
      taken = c.newLabel();
      int kind = m.kind;
      int otherwise = m.otherwise;
      later.add(() -> {
        c.labelBinding(taken);
        m.kind = kind;
        m.otherwise = otherwise;
        go(block, to, address, null);
      });
    }
    branch(d, taken);
  }

  private void branch(long d, Label target) {
    int b = Effects.b(d);
    switch (Effects.op(d)) {
      case Op.BCOND -> EmitCondition.branchIf(m, Effects.e(d), target);
      case Op.CBZ64, Op.CBNZ64 -> {
        m.get(b);
        c.lconst_0().lcmp();
        branchIfZero(Effects.op(d) == Op.CBZ64, target);
      }
      case Op.CBZ32, Op.CBNZ32 -> {
        m.getInt(b);
        branchIfZero(Effects.op(d) == Op.CBZ32, target);
      }
      default -> {
        m.get(b);
        m.constant(1L << Effects.c(d));
        c.land().lconst_0().lcmp();
        branchIfZero(Effects.op(d) == Op.TBZ, target);
      }
    }
  }

  private void branchIfZero(boolean zero, Label target) {
    if (zero) {
      c.ifeq(target);
    } else {
      c.ifne(target);
    }
  }

  private void call(Block block, long target, @Nullable Block below) {
    m.constant(block.end());
    m.set(LINK_REGISTER);
    m.spillAll(block.dirty[block.ops.length], block.flagsDirtyOut && !block.flagsDropped);
    invoke(target);
    returned(block, below);
  }

  private void callRegister(Block block, long d, @Nullable Block below) {
    m.get(Effects.b(d));
    c.lstore(L_T);
    m.constant(block.end());
    m.set(LINK_REGISTER);
    m.spillAll(block.dirty[block.ops.length], block.flagsDirtyOut);
    c.aload(L_CPU).lload(L_T).iload(L_DEPTH).iconst_1().iadd();
    m.helper("jump", J, CPU, J, I);
    returned(block, below);
  }

  /** The address that a call went on at is on the stack: goes on here if it is the next. */
  private void returned(Block block, @Nullable Block below) {
    if (block.next == null) {
      c.lreturn();
      return;
    }
    Label expected = c.newLabel();
    c.dup2();
    m.constant(block.end());
    c.lcmp().ifeq(expected);
    c.lreturn();
    c.labelBinding(expected);
    c.pop2();
    goOnAfter(block.next, below);
  }

  /** All state is in the processor's; a block follows. */
  private void goOnAfter(Block next, @Nullable Block below) {
    m.reloadFlags();
    m.reload(next.liveIn);
    if (next != below) {
      c.goto_(label(next));
    }
  }

  private void leaveTo(Block block, long d) {
    m.get(Effects.b(d));
    c.lstore(L_T);
    m.spillAll(block.dirty[block.ops.length], block.flagsDirtyOut);
    c.lload(L_T).bipush(8).lshl().bipush(8).lshr().lreturn();
  }

  private void jump(Block block, long d) {
    m.get(Effects.b(d));
    c.lstore(L_T);
    if (block.indirect.length != 0) {
      table(block);
    }
    m.spillAll(block.dirty[block.ops.length], block.flagsDirtyOut);
    c.aload(L_CPU).lload(L_T).iload(L_DEPTH).iconst_1().iadd();
    m.constant(unit);
    m.constant(m.pc);
    m.helper("jumpFrom", J, CPU, J, I, I, J);
    c.lreturn();
  }

  /** Goes to the blocks that an indirect branch is known to reach. */
  private void table(Block block) {
    Label elsewhere = c.newLabel();
    Label poll = c.newLabel();
    long first = Arrays.stream(block.indirect).mapToLong(b -> b.start).min().orElseThrow();
    long last = Arrays.stream(block.indirect).mapToLong(b -> b.start).max().orElseThrow();
    if (last - first >= 1L << SWITCH_SPAN) {
      return;
    }
    m.branchIfRequested(poll);
    c.lload(L_T);
    m.constant(first);
    c.lsub().bipush(SWITCH_SPAN).lushr().lconst_0().lcmp().ifne(elsewhere);
    c.lload(L_T);
    m.constant(first);
    c.lsub().l2i();
    List<SwitchCase> cases = new ArrayList<>();
    Arrays.stream(block.indirect)
        .sorted((a, b) -> Long.compare(a.start, b.start))
        .forEach(to -> cases.add(SwitchCase.of((int) (to.start - first), label(to))));
    c.lookupswitch(elsewhere, cases);
    c.labelBinding(poll);
    c.labelBinding(elsewhere);
  }

  private void svc(Block block, long d, @Nullable Block below) {
    m.spillAll(block.dirty[block.ops.length], block.flagsDirtyOut);
    m.storePc(block.end());
    c.aload(L_CPU);
    m.constant(Effects.imm(d));
    m.helper("svc", ConstantDescs.CD_boolean, CPU, I);
    goOnIf(block, below);
  }

  /** A condition is on the stack: go on, or return to the engine. */
  private void goOnIf(Block block, @Nullable Block below) {
    Label on = c.newLabel();
    if (block.next != null) {
      c.ifne(on);
    } else {
      c.pop();
    }
    m.constant(Support.UNWIND);
    c.lreturn();
    c.labelBinding(on);
    if (block.next != null) {
      goOnAfter(block.next, below);
    }
  }

  /** After an instruction that may have made this very code invalid. */
  private void afterChange(Block block, @Nullable Block below) {
    m.spillAll(block.dirty[block.ops.length], block.flagsDirtyOut);
    m.storePc(block.end());
    Label requested = c.newLabel();
    Label test = c.newLabel();
    m.branchIfRequested(requested);
    c.iconst_1().goto_(test);
    c.labelBinding(requested);
    c.iconst_0();
    c.labelBinding(test);
    goOnIf(block, below);
  }
}
