package dev.svc0.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job, and what people do first. */
class DemoIT {
  @TempDir Path folder;

  @Test
  void theDemoShowsTheWholeWayOfAWrite() throws Exception {
    Launcher.Result result = Launcher.svc0(folder, "demo");
    assertThat(result.err()).isEmpty();
    assertThat(result.status()).isZero();
    assertThat(result.out())
        .contains("our own call: crc32 of 4096 bytes -> 4254502402\n")
        .containsSubsequence(
            "__arm64_sys_pwrite64() {",
            "vfs_write() {",
            "ext4_file_write_iter() {",
            "generic_perform_write() {",
            "ext4_da_write_begin() {",
            "ext4_do_writepages() {",
            "submit_bio() {",
            "blk_mq_submit_bio() {",
            "lo_rw_aio(",
            "bio_endio() {",
            "jbd2_journal_commit_transaction() {",
            "lo_rw_aio(")
        .contains("svc0: an ext4 file system of 16 MiB")
        .contains("everything was as Linux has it");
    Path demo = folder.resolve("svc0-demo");
    assertThat(demo.resolve("report.html")).isNotEmptyFile();
    assertThat(Files.readString(demo.resolve("graph.txt"))).contains("__arm64_sys_fsync");
    if (Launcher.installed("debugfs")) {
      Launcher.Result written =
          Launcher.run(demo, List.of("/usr/sbin/debugfs", "-R", "cat /written", "disk.img"));
      assertThat(written.out())
          .hasSize(3 * 4096)
          .startsWith("b".repeat(2048) + "c")
          .endsWith("e".repeat(4096) + "f".repeat(4096));
      Launcher.Result check = Launcher.run(demo, List.of("/usr/sbin/e2fsck", "-fn", "disk.img"));
      assertThat(check.status()).as(check.out()).isZero();
    }
  }

  @Test
  void aTracedProgramLeavesGraphAndReport() throws Exception {
    Launcher.svc0(folder, "image", "create", "disk.img", "--size", "8M");
    Launcher.Result result =
        Launcher.svc0(
            folder,
            "trace",
            "--graph",
            "--call",
            "fdatasync",
            "--html",
            "report.html",
            "--image",
            "disk.img",
            Launcher.guest("write-paths"),
            "/mnt");
    assertThat(result.out()).contains("__arm64_sys_fdatasync() {").contains("# complete");
    assertThat(result.out()).doesNotContain("__arm64_sys_pwrite64");
    assertThat(Files.readString(folder.resolve("report.html"))).startsWith("<!");
  }

  @Test
  void filesGoIntoAnImageAndComeOutAgain() throws Exception {
    Files.writeString(folder.resolve("notes.txt"), "some words\n");
    assertThat(Launcher.svc0(folder, "image", "create", "disk.img", "--size", "8M").status())
        .isZero();
    assertThat(Launcher.svc0(folder, "image", "mkdir", "disk.img", "/texts").status()).isZero();
    assertThat(Launcher.svc0(folder, "image", "put", "disk.img", "notes.txt", "/texts/a").status())
        .isZero();
    assertThat(Launcher.svc0(folder, "image", "cat", "disk.img", "/texts/a").out())
        .isEqualTo("some words\n");
    assertThat(Launcher.svc0(folder, "image", "ls", "disk.img", "/texts").out())
        .contains("          11 ")
        .endsWith(" a\n");
    if (Launcher.installed("debugfs")) {
      assertThat(
              Launcher.run(folder, List.of("/usr/sbin/debugfs", "-R", "cat /texts/a", "disk.img"))
                  .out())
          .isEqualTo("some words\n");
    }
    assertThat(Launcher.svc0(folder, "image", "rm", "disk.img", "/texts/a").status()).isZero();
    Launcher.Result gone = Launcher.svc0(folder, "image", "cat", "disk.img", "/texts/a");
    assertThat(gone.status()).isEqualTo(1);
    assertThat(gone.err()).contains("ENOENT");
  }
}
