// The timers of the service loop, the next one first.
package org.scmid.loop;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A binary heap of timers, ordered by deadline. Every timer knows its place in the heap, so that arming and disarming do
 * not search. The heap has room for as many as were ever armed at a time; a timer that is not armed is known to its owner
 * only, and goes with it: peers that come and go for years leave nothing here.
 */
final class TimerHeap {
    private static final int NOT_ARMED = -1;

    private @Nullable Entry[] heap = new Entry[16];
    private int armed;

    /** One timer. */
    final class Entry {
        final ServiceLoop.Scope scope;
        final Runnable action;
        private long deadline;
        private int place = NOT_ARMED;

        Entry(ServiceLoop.Scope scope, Runnable action) {
            this.scope = scope;
            this.action = action;
        }

        void arm(long newDeadline) {
            deadline = newDeadline;
            if (place == NOT_ARMED) {
                if (armed == heap.length) {
                    heap = Arrays.copyOf(heap, heap.length * 2);
                }
                place = armed++;
                heap[place] = this;
            }
            siftUp(place);
            siftDown(place);
        }

        void disarm() {
            if (place == NOT_ARMED) {
                return;
            }
            int hole = place;
            place = NOT_ARMED;
            Entry last = at(--armed);
            heap[armed] = null;
            if (last != this) {
                put(hole, last);
                siftUp(hole);
                siftDown(last.place);
            }
        }
    }

    Entry create(ServiceLoop.Scope scope, Runnable action) {
        return new Entry(scope, action);
    }

    /** How many can be armed before the heap has to grow. */
    int capacity() {
        return heap.length;
    }

    /** How many are armed. */
    int armed() {
        return armed;
    }

    boolean isEmpty() {
        return armed == 0;
    }

    /** Nanoseconds until the next timer, 0 if one is due. Only if not empty. */
    long untilNext(long now) {
        return Math.max(0, at(0).deadline - now);
    }

    /** Takes a timer that is due out of the heap, null if none is. */
    @Nullable
    Entry takeDue(long now) {
        if (armed == 0 || at(0).deadline - now > 0) {
            return null;
        }
        Entry due = at(0);
        due.disarm();
        return due;
    }

    private void siftUp(int start) {
        int child = start;
        while (child > 0) {
            int parent = (child - 1) / 2;
            if (!isBefore(at(child), at(parent))) {
                return;
            }
            swap(child, parent);
            child = parent;
        }
    }

    private void siftDown(int start) {
        int parent = start;
        while (true) {
            int first = 2 * parent + 1;
            if (first >= armed) {
                return;
            }
            if (first + 1 < armed && isBefore(at(first + 1), at(first))) {
                first++;
            }
            if (!isBefore(at(first), at(parent))) {
                return;
            }
            swap(first, parent);
            parent = first;
        }
    }

    // nanoTime may overflow: only differences mean something.
    private static boolean isBefore(Entry a, Entry b) {
        return a.deadline - b.deadline < 0;
    }

    private void swap(int a, int b) {
        Entry moved = at(a);
        put(a, at(b));
        put(b, moved);
    }

    private void put(int place, Entry entry) {
        heap[place] = entry;
        entry.place = place;
    }

    private Entry at(int place) {
        Entry entry = heap[place];
        if (entry == null) {
            throw new IllegalStateException("no timer at " + place + " of " + armed);
        }
        return entry;
    }
}
