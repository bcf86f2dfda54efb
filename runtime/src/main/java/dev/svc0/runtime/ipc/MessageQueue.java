package dev.svc0.runtime.ipc;

import dev.svc0.runtime.abi.Ipc;
import dev.svc0.runtime.vfs.Cred;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Messages with types. Under the monitor of {@link IpcNamespace}. <i>Linux:</i> msg_queue. */
final class MessageQueue extends IpcObject {
  /** One message. */
  record Message(long type, byte[] text) {}

  final Deque<Message> messages = new ArrayDeque<>();
  long bytes;
  long mostBytes = Ipc.MSGMNB;
  int lastSender;
  int lastReceiver;
  long sendSeconds;
  long receiveSeconds;
  long changeSeconds = System.currentTimeMillis() / 1000;

  MessageQueue(int id, int key, int mode, Cred cred) {
    super(id, key, mode, cred);
  }

  boolean hasRoom(int length) {
    return bytes + length <= mostBytes && messages.size() + 1L <= mostBytes;
  }

  /** The message at a place, from 0; null when there are fewer. */
  @Nullable Message at(long place) {
    return messages.stream().skip(Math.max(0, place)).findFirst().orElse(null);
  }

  /** A process has received it. */
  void take(Message message, int pid) {
    messages.remove(message);
    bytes -= message.text.length;
    lastReceiver = pid;
    receiveSeconds = System.currentTimeMillis() / 1000;
  }

  /** The message that a receiver wants; null when there is none. <i>Linux:</i> find_msg. */
  @Nullable Message find(long type, boolean except) {
    Message best = null;
    for (Message one : messages) {
      if (type == 0) {
        return one;
      }
      if (type > 0) {
        if (one.type == type != except) {
          return one;
        }
      } else if (one.type <= -type && (best == null || one.type < best.type)) {
        best = one;
      }
    }
    return best;
  }
}
