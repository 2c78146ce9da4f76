/*
 * clock - wall and monotonic time, read once per turn of the loop; virtual in tests.
 *
 * Units: milliseconds.  Wall time counts from 1970-01-01 UTC.  Nothing else in the
 * program asks the operating system for the time.
 */
#ifndef LIB_CLOCK_H
#define LIB_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct clock {
	int64_t wall_ms;
	int64_t mono_ms;
	int64_t
	    skew_ms; /* added to the real wall time: lets a test live in another year */
	bool is_virtual; /* clock_update leaves it alone; clock_advance moves it */
};

void clock_init(struct clock *c);                          /* real, already read        */
void clock_init_virtual(struct clock *c, int64_t wall_ms); /* stands still until moved  */
void clock_update(struct clock *c);                        /* called by the loop        */
/* The real monotonic time in microseconds: for measuring, never for deciding. */
int64_t clock_mono_us(void);
void clock_advance(struct clock *c, int64_t ms); /* virtual clocks only       */

#endif
