#include "ussd/core/gsm7.h"

/* Letters with marks, as the letter below the mark; '.' where there is none.  What the
 * alphabet holds itself (e with acute, o with diaeresis) never comes here. */
static const char latin[] = /* from U+00C0 */
    "AAAAAA.CEEEEIIII.NOOOOO..UUUUY..aaaaaa.ceeeeiiii.nooooo..uuuuy.y"
    "AaAaAaCcCcCcCcDd..EeEeEeEeEeGgGgGgGgHh..IiIiIiIiI...JjKk.LlLlLl."
    "...NnNnNn...OoOoOo..RrRrRrSsSsSsSsTtTt..UuUuUuUuUuUuWwYyYZzZzZz."
    "................................Oo.............Uu..............."
    ".............AaIiOoUuUuUuUuUu.AaAa....GgKkOoOo..j...Gg..NnAa...."
    "AaAaEeEeIiIiOoOoRrRrUuUuSsTt..Hh......AaEeOoOoOoOoYy............"
    "................";
static const char latin_more[] = /* from U+1E00 */
    "AaBbBbBbCcDdDdDdDdDdEeEeEeEeEeFfGgHhHhHhHhHhIiIiKkKkKkLlLlLlLlMm"
    "MmMmNnNnNnNnOoOoOoOoPpPpRrRrRrRrSsSsSsSsSsTtTtTtTtUuUuUuUuUuVvVv"
    "WwWwWwWwWwXxXxYyZzZzZzhtwy......AaAaAaAaAaAaAaAaAaAaAaAaEeEeEeEe"
    "EeEeEeEeIiIiOoOoOoOoOoOoOoOoOoOoOoOoUuUuUuUuUuUuUuYyYyYyYy......";

/* Sorted by character. */
static const struct {
	uint16_t c;
	char text[4];
} signs[] = {
	{ 0x0009, " " },   { 0x000c, "\n" },  { 0x0060, "'" },    { 0x00a0, " " },
	{ 0x00a2, "c" },   { 0x00a6, "/" },   { 0x00a8, "\"" },   { 0x00a9, "(c)" },
	{ 0x00aa, "a" },   { 0x00ab, "\"" },  { 0x00ac, "-" },    { 0x00ad, "" },
	{ 0x00ae, "(r)" }, { 0x00b0, "o" },   { 0x00b1, "+/-" },  { 0x00b2, "2" },
	{ 0x00b3, "3" },   { 0x00b4, "'" },   { 0x00b5, "u" },    { 0x00b7, "." },
	{ 0x00b8, "," },   { 0x00b9, "1" },   { 0x00ba, "o" },    { 0x00bb, "\"" },
	{ 0x00bc, "1/4" }, { 0x00bd, "1/2" }, { 0x00be, "3/4" },  { 0x00d0, "D" },
	{ 0x00d7, "x" },   { 0x00de, "Th" },  { 0x00f0, "d" },    { 0x00f7, ":" },
	{ 0x00fe, "th" },  { 0x0110, "D" },   { 0x0111, "d" },    { 0x0131, "i" },
	{ 0x0141, "L" },   { 0x0142, "l" },   { 0x014a, "N" },    { 0x014b, "n" },
	{ 0x0152, "OE" },  { 0x0153, "oe" },  { 0x0181, "B" },    { 0x0186, "O" },
	{ 0x0189, "D" },   { 0x018a, "D" },   { 0x018e, "E" },    { 0x018f, "E" },
	{ 0x0190, "E" },   { 0x0191, "F" },   { 0x0192, "f" },    { 0x0194, "G" },
	{ 0x0196, "I" },   { 0x0198, "K" },   { 0x0199, "k" },    { 0x019d, "N" },
	{ 0x01b1, "U" },   { 0x01b2, "V" },   { 0x01b3, "Y" },    { 0x01b4, "y" },
	{ 0x01dd, "e" },   { 0x0253, "b" },   { 0x0254, "o" },    { 0x0256, "d" },
	{ 0x0257, "d" },   { 0x0259, "e" },   { 0x025b, "e" },    { 0x0263, "g" },
	{ 0x0269, "i" },   { 0x0272, "n" },   { 0x028a, "u" },    { 0x028b, "v" },
	{ 0x02bb, "'" },   { 0x02bc, "'" },   { 0x03bc, "u" },    { 0x2002, " " },
	{ 0x2003, " " },   { 0x2007, " " },   { 0x2009, " " },    { 0x200b, "" },
	{ 0x200c, "" },    { 0x200d, "" },    { 0x200e, "" },     { 0x200f, "" },
	{ 0x2010, "-" },   { 0x2011, "-" },   { 0x2012, "-" },    { 0x2013, "-" },
	{ 0x2014, "-" },   { 0x2015, "-" },   { 0x2018, "'" },    { 0x2019, "'" },
	{ 0x201a, "'" },   { 0x201b, "'" },   { 0x201c, "\"" },   { 0x201d, "\"" },
	{ 0x201e, "\"" },  { 0x2022, "*" },   { 0x2026, "..." },  { 0x202f, " " },
	{ 0x2032, "'" },   { 0x2033, "\"" },  { 0x2122, "(tm)" }, { 0x2190, "<-" },
	{ 0x2192, "->" },  { 0x2212, "-" },   { 0x2264, "<=" },   { 0x2265, ">=" },
	{ 0xfeff, "" },
};

static const char *
letter(char c)
{
	static const char one[] =
	    "A\0B\0C\0D\0E\0F\0G\0H\0I\0J\0K\0L\0M\0N\0O\0P\0Q\0R\0S\0"
	    "T\0U\0V\0W\0X\0Y\0Z\0"
	    "a\0b\0c\0d\0e\0f\0g\0h\0i\0j\0k\0l\0m\0n\0o\0p\0q\0r\0s\0"
	    "t\0u\0v\0w\0x\0y\0z";

	if (c >= 'a' && c <= 'z')
		return one + 2 * (26 + c - 'a');
	if (c >= 'A' && c <= 'Z')
		return one + 2 * (c - 'A');
	return NULL;
}

const char *
gsm7_stand_in(uint32_t c)
{
	size_t low = 0, high = sizeof signs / sizeof *signs;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (signs[mid].c == c)
			return signs[mid].text;
		if (signs[mid].c < c)
			low = mid + 1;
		else
			high = mid;
	}
	if (c >= 0xc0 && c < 0xc0 + sizeof latin - 1)
		return letter(latin[c - 0xc0]);
	if (c >= 0x1e00 && c < 0x1e00 + sizeof latin_more - 1)
		return letter(latin_more[c - 0x1e00]);
	if (c >= 0x0300 && c < 0x0370) /* a mark that stands behind its letter */
		return "";
	return NULL;
}
