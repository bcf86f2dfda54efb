package dev.svc0.fs.nio;

import dev.svc0.runtime.vfs.Xattr;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Extended attributes whose names begin with {@code user.} */
record ImageUserView(ImagePath path, boolean follow) implements UserDefinedFileAttributeView {
  private static final String PREFIX = "user.";

  private static String kernelName(String name) {
    byte[] bytes = (PREFIX + name).getBytes(StandardCharsets.UTF_8);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private ImageFileSystem system() {
    return path.getFileSystem();
  }

  @Override
  public String name() {
    return "user";
  }

  @Override
  public List<String> list() throws IOException {
    List<String> names = new ArrayList<>();
    system()
        .ask(
            path,
            follow,
            inode -> {
              for (String name : Xattr.list(inode, system().caller).split("\0")) {
                if (name.startsWith(PREFIX)) {
                  byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
                  String text = new String(bytes, StandardCharsets.UTF_8);
                  names.add(text.substring(PREFIX.length()));
                }
              }
              return 0;
            });
    return names;
  }

  byte[] get(String name) throws IOException {
    byte @Nullable [][] value = new byte[1][];
    long[] error = new long[1];
    system()
        .ask(
            path,
            follow,
            inode -> {
              value[0] = Xattr.get(inode, kernelName(name), system().caller, error);
              return value[0] == null ? error[0] : 0;
            });
    byte[] found = value[0];
    return found == null ? new byte[0] : found;
  }

  @Override
  public int size(String name) throws IOException {
    return get(name).length;
  }

  @Override
  public int read(String name, ByteBuffer to) throws IOException {
    byte[] value = get(name);
    to.put(value);
    return value.length;
  }

  @Override
  public int write(String name, ByteBuffer from) throws IOException {
    byte[] value = new byte[from.remaining()];
    from.get(value);
    system()
        .at(
            path,
            follow,
            (place, inode) -> Xattr.set(place, kernelName(name), value, 0, system().caller));
    return value.length;
  }

  @Override
  public void delete(String name) throws IOException {
    system()
        .at(
            path,
            follow,
            (place, inode) -> Xattr.set(place, kernelName(name), null, 0, system().caller));
  }
}
