package dev.svc0.arm64.entry;

import dev.svc0.runtime.abi.Hwcap;

/**
 * What programs are told about the processor: exactly what the engines execute. AT_HWCAP, the ID
 * registers and /proc/cpuinfo all come from here.
 */
public final class CpuFeatures {
  /** AT_HWCAP. */
  public static final long HWCAP =
      Hwcap.HWCAP_FP
          | Hwcap.HWCAP_ASIMD
          | Hwcap.HWCAP_ATOMICS
          | Hwcap.HWCAP_CRC32
          | Hwcap.HWCAP_CPUID;

  /** AT_HWCAP2. */
  public static final long HWCAP2 = 0;

  /** Implementer 0, architecture by ID scheme: no core of silicon. */
  static final long MIDR = 0xf << 16;

  /** Bit 31 reads as one; affinity 0. */
  static final long MPIDR = 1L << 31;

  /** EL0 in AArch64 only; floating point and SIMD without half precision. */
  static final long ID_AA64PFR0 = 0x11;

  /** CRC32 (bits 19…16) and LSE atomics (bits 23…20). */
  static final long ID_AA64ISAR0 = 1L << 16 | 2L << 20;

  private static final int CRC32_BIT = 7;

  private CpuFeatures() {}

  /** The text of /proc/cpuinfo for a number of processors. */
  public static String cpuinfo(int cpus) {
    StringBuilder text = new StringBuilder();
    for (int cpu = 0; cpu < cpus; cpu++) {
      text.append("processor\t: ").append(cpu).append('\n');
      text.append("BogoMIPS\t: 2000.00\n");
      text.append("Features\t: fp asimd");
      text.append((HWCAP & 1L << CRC32_BIT) != 0 ? " crc32" : "").append(" atomics cpuid\n");
      text.append("CPU implementer\t: 0x00\n");
      text.append("CPU architecture: 8\n");
      text.append("CPU variant\t: 0x0\n");
      text.append("CPU part\t: 0x000\n");
      text.append("CPU revision\t: 0\n\n");
    }
    return text.toString();
  }
}
