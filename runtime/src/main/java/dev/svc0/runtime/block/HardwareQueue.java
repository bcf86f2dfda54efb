package dev.svc0.runtime.block;

/**
 * One of the queues of a driver: its tags, and the requests that belong to them. <i>Linux:</i>
 * {@code blk_mq_hw_ctx}.
 */
final class HardwareQueue {
  final TagSet tags;
  final Request[] requests;

  HardwareQueue(RequestQueue queue, int index, int depth) {
    tags = new TagSet(depth);
    requests = new Request[depth];
    for (int tag = 0; tag < depth; tag++) {
      requests[tag] = new Request(queue, index, tag);
    }
  }
}
