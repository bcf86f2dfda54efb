package dev.svc0.fs.nio;

import dev.svc0.runtime.vfs.StatFs;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.FileStoreAttributeView;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import org.jspecify.annotations.Nullable;

/** The space of an image. */
final class ImageFileStore extends FileStore {
  private final ImageFileSystem system;

  ImageFileStore(ImageFileSystem system) {
    this.system = system;
  }

  @Override
  public String name() {
    return system.image().toString();
  }

  @Override
  public String type() {
    return system.typeName();
  }

  @Override
  public boolean isReadOnly() {
    return system.isReadOnly();
  }

  @Override
  public long getTotalSpace() throws IOException {
    StatFs numbers = system.statfs();
    return numbers.blocks * numbers.blockSize;
  }

  @Override
  public long getUsableSpace() throws IOException {
    StatFs numbers = system.statfs();
    return numbers.blocksAvailable * numbers.blockSize;
  }

  @Override
  public long getUnallocatedSpace() throws IOException {
    StatFs numbers = system.statfs();
    return numbers.blocksFree * numbers.blockSize;
  }

  @Override
  public boolean supportsFileAttributeView(Class<? extends FileAttributeView> view) {
    return view == BasicFileAttributeView.class
        || view == PosixFileAttributeView.class
        || view == FileOwnerAttributeView.class
        || view == UserDefinedFileAttributeView.class;
  }

  @Override
  public boolean supportsFileAttributeView(String name) {
    return system.supportedFileAttributeViews().contains(name);
  }

  @Override
  public <V extends FileStoreAttributeView> @Nullable V getFileStoreAttributeView(Class<V> view) {
    return null;
  }

  @Override
  public Object getAttribute(String attribute) throws IOException {
    return switch (attribute) {
      case "totalSpace" -> getTotalSpace();
      case "usableSpace" -> getUsableSpace();
      case "unallocatedSpace" -> getUnallocatedSpace();
      default -> throw new UnsupportedOperationException(attribute);
    };
  }
}
