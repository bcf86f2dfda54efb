package dev.svc0.arm64.jit;

import static dev.svc0.arm64.jit.Emitter.CPU;
import static dev.svc0.arm64.jit.Emitter.I;
import static dev.svc0.arm64.jit.Emitter.J;
import static dev.svc0.arm64.jit.Emitter.LONG;
import static dev.svc0.arm64.jit.Emitter.L_BASE;
import static dev.svc0.arm64.jit.Emitter.L_CPU;
import static dev.svc0.arm64.jit.Emitter.L_HOST;
import static dev.svc0.arm64.jit.Emitter.L_PERMISSIONS;
import static dev.svc0.arm64.jit.Emitter.L_T;
import static dev.svc0.arm64.jit.Emitter.L_U;
import static dev.svc0.arm64.jit.Emitter.UNSAFE;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.arm64.decode.Op;
import dev.svc0.runtime.mm.MemoryManager;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;

/** Loads and stores. Registers change only after all of the memory was reached. */
final class EmitMemory {
  private static final int PAGE_SHIFT = 12;
  private static final int PAGE = 1 << PAGE_SHIFT;

  /** Address bits above the window, and those within a page. */
  private static final long OUTSIDE_OR_OFFSET = -MemoryManager.WINDOW_SIZE | PAGE - 1;

  private static final int READ = MemoryManager.PERM_READ;
  private static final int WRITE = MemoryManager.PERM_WRITE;

  private EmitMemory() {}

  /** Emits an operation from LDR64 to STPD, or from LDV_R to STRS_V. */
  static void emit(Emitter m, long d) {
    int op = Effects.op(d);
    if (op <= Op.STR8) {
      address(m, d, Effects.imm(d));
      single(m, d, op - Op.LDR64);
    } else if (op <= Op.STR8_R) {
      registerAddress(m, d, Effects.imm(d));
      single(m, d, plain(op));
    } else if (op <= Op.STR8_W) {
      writeBack(m, d, op);
    } else if (op == Op.LDR64_L) {
      m.constant(m.pc + Effects.imm(d));
      m.c.lstore(L_T);
      single(m, d, 0);
    } else if (op <= Op.STP32) {
      pair(m, d, op);
    } else {
      vector(m, d, op);
    }
  }

  /** The offset form of a register form, less LDR64. */
  private static int plain(int op) {
    return switch (op) {
      case Op.LDR64_R -> 0;
      case Op.LDR32_R -> Op.LDR32 - Op.LDR64;
      case Op.LDR16_R -> Op.LDR16 - Op.LDR64;
      case Op.LDR8_R -> Op.LDR8 - Op.LDR64;
      case Op.LDRS32_64_R -> Op.LDRS32_64 - Op.LDR64;
      case Op.STR64_R -> Op.STR64 - Op.LDR64;
      case Op.STR32_R -> Op.STR32 - Op.LDR64;
      case Op.STR16_R -> Op.STR16 - Op.LDR64;
      default -> Op.STR8 - Op.LDR64;
    };
  }

  /** A register alone as the address; SP must be aligned. */
  static void base(Emitter m, int base) {
    if (base == Cpu.SP && !m.stackAligned) {
      checkStack(m);
    }
    m.get(base);
    m.c.lstore(L_T);
  }

  /** The base register plus a constant; SP must be aligned. */
  private static void address(Emitter m, long d, long offset) {
    int base = Effects.b(d);
    if (base == Cpu.SP && Effects.e(d) != 0 && !m.stackAligned) {
      checkStack(m);
    }
    if (m.groups.current() != null) {
      return; // the group knows
    }
    m.get(base);
    if (offset != 0) {
      m.constant(offset);
      m.c.ladd();
    }
    m.c.lstore(L_T);
  }

  private static void checkStack(Emitter m) {
    m.getInt(Cpu.SP);
    m.c.bipush(15).iand().ifne(m.leave());
    m.stackAligned = true;
  }

  private static void registerAddress(Emitter m, long d, int amount) {
    m.get(Effects.b(d));
    EmitInteger.extended(m, Effects.c(d), Effects.e(d), amount);
    m.c.ladd().lstore(L_T);
  }

  /** Has the host address of what lies at T found, or leaves the unit if it may not be accessed. */
  static void reach(Emitter m, int bytes, int access) {
    AccessGroups.Group group = m.groups.current();
    if (group == null) {
      find(m, bytes, access, L_HOST);
      m.setHost(L_HOST, 0);
      return;
    }
    if (group.isFirst()) {
      m.get(group.base);
      if (group.lowest() != 0) {
        m.constant(group.lowest());
        m.c.ladd();
      }
      m.c.lstore(L_T);
      find(m, group.span(), group.access, group.host);
    }
    m.setHost(group.host, group.fromLowest());
  }

  /**
   * Stores the host address of T in a local variable, or leaves the unit unless the pages of the
   * bytes permit an access. Few operations, because the compiler hoists what several blocks have in
   * common; and no call that a program without memory outside the window would reach, because that
   * would cost it the machine's registers.
   */
  private static void find(Emitter m, int bytes, int access, int host) {
    Check check = new Check(m, bytes, access, host);
    StablePages.Site site = m.pages.at(m.pc);
    if (site == null) {
      check.page();
      check.found();
    } else {
      check.samePage(site);
    }
  }

  /** The check of one access: what is frequent in place, the rest behind all blocks. */
  private static final class Check {
    private final Emitter m;
    private final CodeBuilder c;
    private final int bytes;
    private final int access;
    private final int host;
    private final Label leave;
    final Label allowed;
    final Label reached;

    Check(Emitter m, int bytes, int access, int host) {
      this.m = m;
      this.c = m.c;
      this.bytes = bytes;
      this.access = access;
      this.host = host;
      leave = m.leave();
      allowed = c.newLabel();
      reached = c.newLabel();
    }

    /** Nothing to look up while T stays in the page of the site. */
    void samePage(StablePages.Site site) {
      Label other = c.newLabel();
      c.lload(L_T).lload(site.page()).lsub().lload(site.limit());
      m.call(LONG, "compareUnsigned", I, J, J);
      c.ifge(other);
      c.lload(site.host()).lload(L_T).lload(site.page()).lsub().ladd().lstore(host);
      c.labelBinding(reached);
      m.later.add(() -> {
        c.labelBinding(other);
        page();
        c.lload(L_T);
        m.constant((long) -PAGE);
        c.land().lstore(site.page());
        c.lload(L_BASE).lload(site.page()).ladd().lstore(site.host());
        m.constant((long) PAGE - bytes + 1);
        c.lstore(site.limit());
        c.labelBinding(allowed);
        c.lload(L_BASE).lload(L_T).ladd().lstore(host);
        c.goto_(reached);
      });
    }

    void found() {
      c.labelBinding(allowed);
      c.lload(L_BASE).lload(L_T).ladd().lstore(host);
      c.labelBinding(reached);
    }

    void page() {
      Label across = c.newLabel();
      c.lload(L_T);
      m.constant(OUTSIDE_OR_OFFSET);
      c.land();
      m.constant((long) PAGE - bytes);
      m.call(LONG, "compareUnsigned", I, J, J);
      c.ifgt(across);
      permission(m, 0);
      leaveUnless(m, access, leave);
      m.later.add(() -> across(across));
    }

    private void across(Label label) {
      Label outside = c.newLabel();
      c.labelBinding(label);
      c.lload(L_T);
      m.constant(-MemoryManager.WINDOW_SIZE);
      c.land().lconst_0().lcmp().ifne(outside);
      permission(m, 0);
      permission(m, bytes - 1); // behind the last page there is another byte, which is 0
      c.iand();
      leaveUnless(m, access, leave);
      c.goto_(allowed);
      c.labelBinding(outside);
      c.aload(L_CPU).lload(L_T);
      m.constant(bytes << 4 | access);
      m.helper("outside", J, CPU, J, I);
      c.lstore(host).lload(host).lconst_0().lcmp().ifeq(leave);
      c.goto_(reached);
    }
  }

  /** Pushes the permissions of the page of T plus an offset. */
  private static void permission(Emitter m, int offset) {
    m.unsafe();
    m.c.lload(L_PERMISSIONS).lload(L_T);
    if (offset != 0) {
      m.constant((long) offset);
      m.c.ladd();
    }
    m.c.bipush(PAGE_SHIFT).lushr().ladd();
    get(m, "getByte", ConstantDescs.CD_byte);
  }

  private static void leaveUnless(Emitter m, int access, Label leave) {
    m.constant(access);
    m.c.iand();
    if ((access & access - 1) == 0) {
      m.c.ifeq(leave);
    } else {
      m.constant(access);
      m.c.if_icmpne(leave);
    }
  }

  /** Pushes the value of some size at HOST plus an offset: a long for 3, else an int. */
  static void fetch(Emitter m, int size, int offset) {
    m.unsafe();
    m.hostAddress(offset);
    switch (size) {
      case 3 -> get(m, "getLong", J);
      case 2 -> get(m, "getInt", I);
      case 1 -> get(m, "getShort", ConstantDescs.CD_short);
      default -> get(m, "getByte", ConstantDescs.CD_byte);
    }
  }

  private static void get(Emitter m, String name, ClassDesc type) {
    m.c.invokevirtual(UNSAFE, name, MethodTypeDesc.of(type, J));
  }

  /** Pushes what {@link #put} needs below the value. */
  static void prepare(Emitter m, int offset) {
    m.unsafe();
    m.hostAddress(offset);
  }

  /** Pops a value, a long for size 3, else an int, and stores it. */
  static void put(Emitter m, int size) {
    switch (size) {
      case 3 -> put(m, "putLong", J);
      case 2 -> put(m, "putInt", I);
      case 1 -> {
        m.c.i2s();
        put(m, "putShort", ConstantDescs.CD_short);
      }
      default -> {
        m.c.i2b();
        put(m, "putByte", ConstantDescs.CD_byte);
      }
    }
  }

  private static void put(Emitter m, String name, ClassDesc type) {
    m.c.invokevirtual(UNSAFE, name, MethodTypeDesc.of(ConstantDescs.CD_void, J, type));
  }

  /** The access at T of one register; how is its operation less LDR64. */
  private static void single(Emitter m, long d, int how) {
    int op = how + Op.LDR64;
    if (op >= Op.STR64) {
      store(m, Effects.a(d), 3 - (op - Op.STR64));
    } else {
      load(m, Effects.a(d), op);
    }
  }

  private static void store(Emitter m, int register, int size) {
    reach(m, 1 << size, WRITE);
    prepare(m, 0);
    if (size == 3) {
      m.get(register);
    } else {
      m.getInt(register);
    }
    put(m, size);
  }

  private static void load(Emitter m, int register, int op) {
    int size =
        switch (op) {
          case Op.LDR64 -> 3;
          case Op.LDR32, Op.LDRS32_64 -> 2;
          case Op.LDR16, Op.LDRS16_64, Op.LDRS16_32 -> 1;
          default -> 0;
        };
    reach(m, 1 << size, READ);
    fetch(m, size, 0);
    extend(m, op);
    m.set(register);
  }

  /** What was fetched, sign-extended unless a long, becomes the value of a register. */
  private static void extend(Emitter m, int op) {
    switch (op) {
      case Op.LDR64 -> {
        // a long already
      }
      case Op.LDR32, Op.LDRS16_32, Op.LDRS8_32 -> m.zeroExtend();
      case Op.LDR16 -> {
        m.constant(0xffff);
        m.c.iand().i2l();
      }
      case Op.LDR8 -> {
        m.constant(0xff);
        m.c.iand().i2l();
      }
      default -> m.c.i2l();
    }
  }

  private static void writeBack(Emitter m, long d, int op) {
    boolean pre = Effects.c(d) != 0;
    long imm = Effects.imm(d);
    boolean isLoad = op <= Op.LDR8_W;
    address(m, d, pre ? imm : 0);
    int size = 3 - (isLoad ? op - Op.LDR64_W : op - Op.STR64_W);
    reach(m, 1 << size, isLoad ? READ : WRITE);
    if (isLoad) {
      fetch(m, size, 0);
      int[] plain = {Op.LDR8, Op.LDR16, Op.LDR32, Op.LDR64};
      extend(m, plain[size]);
      moveBase(m, d, imm);
      m.set(Effects.a(d));
    } else {
      prepare(m, 0);
      if (size == 3) {
        m.get(Effects.a(d));
      } else {
        m.getInt(Effects.a(d));
      }
      put(m, size);
      moveBase(m, d, imm);
    }
  }

  private static void moveBase(Emitter m, long d, long imm) {
    boolean aligned = m.stackAligned && (imm & 15) == 0;
    int base = Effects.b(d);
    m.get(base);
    m.constant(imm);
    m.c.ladd();
    m.set(base);
    m.stackAligned = aligned || m.stackAligned && base != Cpu.SP;
  }

  private static void pair(Emitter m, long d, int op) {
    long imm = Effects.imm(d);
    boolean post = op == Op.LDP64_POST || op == Op.STP64_POST;
    boolean moves = post || op == Op.LDP64_PRE || op == Op.STP64_PRE;
    boolean isLoad = op == Op.LDP64 || op == Op.LDP32 || op == Op.LDP64_PRE || op == Op.LDP64_POST;
    int size = op == Op.LDP32 || op == Op.STP32 ? 2 : 3;
    address(m, d, post ? 0 : imm);
    reach(m, 2 << size, isLoad ? READ : WRITE);
    if (isLoad) {
      fetchLong(m, size, 0);
      fetchLong(m, size, 1 << size);
      m.c.lstore(L_U).lstore(L_T);
      if (moves) {
        moveBase(m, d, imm);
      }
      m.c.lload(L_T);
      m.set(Effects.a(d));
      m.c.lload(L_U);
      m.set(Effects.c(d));
      return;
    }
    putRegister(m, Effects.a(d), size, 0);
    putRegister(m, Effects.c(d), size, 1 << size);
    if (moves) {
      moveBase(m, d, imm);
    }
  }

  private static void fetchLong(Emitter m, int size, int offset) {
    fetch(m, size, offset);
    if (size == 2) {
      m.zeroExtend();
    }
  }

  private static void putRegister(Emitter m, int register, int size, int offset) {
    prepare(m, offset);
    if (size == 3) {
      m.get(register);
    } else {
      m.getInt(register);
    }
    put(m, size);
  }

  private static void vector(Emitter m, long d, int op) {
    switch (op) {
      case Op.LDRQ, Op.STRQ -> vectorAt(m, d, 4, op == Op.LDRQ);
      case Op.LDRD, Op.STRD -> vectorAt(m, d, 3, op == Op.LDRD);
      case Op.LDRS_V, Op.STRS_V -> vectorAt(m, d, 2, op == Op.LDRS_V);
      case Op.LDPQ, Op.STPQ -> vectorPair(m, d, 4, op == Op.LDPQ);
      case Op.LDPD, Op.STPD -> vectorPair(m, d, 3, op == Op.LDPD);
      case Op.LDV_R, Op.STV_R -> {
        registerAddress(m, d, Effects.imm(d) & 7);
        vectorAccess(m, Effects.a(d), Effects.imm(d) >>> 8, op == Op.LDV_R);
      }
      default -> {
        boolean pre = (Effects.c(d) & 1) != 0;
        address(m, d, pre ? Effects.imm(d) : 0);
        vectorAccess(m, Effects.a(d), Effects.c(d) >>> 1, op == Op.LDV_W);
        moveBase(m, d, Effects.imm(d));
      }
    }
  }

  private static void vectorAt(Emitter m, long d, int size, boolean isLoad) {
    address(m, d, Effects.imm(d));
    vectorAccess(m, Effects.a(d), size, isLoad);
  }

  private static void vectorAccess(Emitter m, int at, int size, boolean isLoad) {
    reach(m, 1 << size, isLoad ? READ : WRITE);
    transfer(m, at, size, 0, isLoad);
  }

  private static void vectorPair(Emitter m, long d, int size, boolean isLoad) {
    address(m, d, Effects.imm(d));
    reach(m, 2 << size, isLoad ? READ : WRITE);
    transfer(m, Effects.a(d), size, 0, isLoad);
    transfer(m, Effects.c(d), size, 1 << size, isLoad);
  }

  /** Between HOST plus an offset and a vector register. */
  static void transfer(Emitter m, int at, int size, int offset, boolean isLoad) {
    if (!isLoad) {
      prepare(m, offset);
      m.getHalf(at);
      if (size < 3) {
        m.c.l2i();
      }
      put(m, Math.min(size, 3));
      if (size == 4) {
        prepare(m, offset + 8);
        m.getHalf(at + 1);
        put(m, 3);
      }
      return;
    }
    fetch(m, Math.min(size, 3), offset);
    if (size < 3) {
      m.c.i2l();
      m.constant((1L << (8 << size)) - 1);
      m.c.land();
    }
    if (size < 4) {
      m.setScalar(at);
    } else {
      m.setHalf(at);
      fetch(m, 3, offset + 8);
      m.setHalf(at + 1);
    }
  }
}
