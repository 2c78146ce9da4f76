/*
 * hex - the value of a hexadecimal digit, in either case.
 */
#ifndef LIB_HEX_H
#define LIB_HEX_H

/* 0..15; -1 if c is none. */
static inline int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* 0..255 of two digits; -1 if one of them is none. */
static inline int
hex_byte(const char *two)
{
	int high = hex_digit(two[0]), low = high < 0 ? -1 : hex_digit(two[1]);

	return low < 0 ? -1 : high << 4 | low;
}

#endif
