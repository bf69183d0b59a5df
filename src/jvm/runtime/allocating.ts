/**
 * Allocation in activities.
 *
 * A plain native that finds the heap full is called again from its start; an activity that has run Java already cannot
 * be, so it asks for the collection itself and repeats only the step that allocates.
 */
import { type Activity, COLLECT_FOR_ALLOCATION } from './activity.js';
import { NeedsCollection, ThrowNew } from './throws.js';

/**
 * Runs `make`, which allocates and has no other effect; when the heap is full, collects and runs it again. `make` must
 * read references from handles, since the collection moves objects.
 *
 * @throws OutOfMemoryError (Java) when collecting did not help
 */
export function* allocating<T>(make: () => T): Activity<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return make();
    } catch (error) {
      if (!(error instanceof NeedsCollection)) throw error;
      if (attempt === 2) throw new ThrowNew('java/lang/OutOfMemoryError', 'Java heap space');
    }
    yield COLLECT_FOR_ALLOCATION;
  }
}
