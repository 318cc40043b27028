"""A fuzzer of lives: random months through the real schedule, judge, words and store, watched by rules of the law."""
