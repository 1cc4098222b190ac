package org.tokapu.text.tokenizer;

import java.util.Arrays;

/// A queue of longs, smallest first: a heap of four children a node, shallower and kinder to caches
/// than one of two. Confined to one call.
final class MergeQueue {
  private long[] heap;
  private int size;

  MergeQueue(int capacity) {
    heap = new long[Math.max(capacity, 16)];
  }

  boolean isEmpty() {
    return size == 0;
  }

  void clear() {
    size = 0;
  }

  void add(long value) {
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, size + (size >> 1));
    }
    int at = size++;
    while (at > 0) {
      int parent = at - 1 >> 2;
      if (heap[parent] <= value) {
        break;
      }
      heap[at] = heap[parent];
      at = parent;
    }
    heap[at] = value;
  }

  long take() {
    long top = heap[0];
    long last = heap[--size];
    int at = 0;
    while (true) {
      int child = (at << 2) + 1;
      if (child >= size) {
        break;
      }
      int end = Math.min(child + 4, size);
      int least = child;
      for (int c = child + 1; c < end; c++) {
        if (heap[c] < heap[least]) {
          least = c;
        }
      }
      if (heap[least] >= last) {
        break;
      }
      heap[at] = heap[least];
      at = least;
    }
    heap[at] = last;
    return top;
  }
}
