/* Insertion sort of 1000 numbers that come in descending order, its worst case: half a million moves. */
#include "guest.h"

#define COUNT 1000

static uint32_t input[COUNT];
static uint32_t sorted[COUNT];

void initialize(uint64_t variant) {
  for (uint32_t i = 0; i < COUNT; i++) input[i] = (COUNT - i) * 2654435u + (uint32_t)variant;
}

static void insertion_sort(uint32_t *numbers, size_t count) {
  for (size_t i = 1; i < count; i++) {
    uint32_t number = numbers[i];
    size_t hole = i;
    while (hole > 0 && numbers[hole - 1] > number) {
      numbers[hole] = numbers[hole - 1];
      hole--;
    }
    numbers[hole] = number;
  }
}

uint64_t run(void) {
  for (size_t i = 0; i < COUNT; i++) sorted[i] = input[i];
  insertion_sort(sorted, COUNT);
  return guest_fold(sorted, sizeof sorted);
}

GUEST_ENTRIES;
