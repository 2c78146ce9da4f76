#include "payments/core/person.h"

#include <stddef.h>
#include <string.h>

#define WORDS_MAX   8
#define WORD_MAX    31
#define TYPO_LENGTH 4

struct name {
	size_t count;
	size_t len[WORDS_MAX];
	char word[WORDS_MAX][WORD_MAX + 1];
};

/* U+00C0 to U+017F without their accents, by the lead byte of their UTF-8. */
static const char folded[3][65] = {
	"aaaaaaaceeeeiiiidnooooo ouuuuytsaaaaaaaceeeeiiiidnooooo ouuuuyty",
	"aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll",
	"lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs",
};

/* One sign of the text as a letter in small; 0: nothing, ' ': between words. */
static char
next_letter(const unsigned char **at)
{
	const unsigned char *p = *at;
	unsigned char c = *p++, d = *p;
	bool pair = (d & 0xc0) == 0x80;

	*at = p;
	if (c >= 'A' && c <= 'Z')
		return (char)(c - 'A' + 'a');
	if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
		return (char)c;
	if (c >= 0xc3 && c <= 0xc5 && pair) {
		*at = p + 1;
		return folded[c - 0xc3][d & 0x3f];
	}
	if ((c == 0xcc || (c == 0xcd && d < 0xb0)) && pair) { /* an accent by itself */
		*at = p + 1;
		return 0;
	}
	if (c == '\'' || c == '`')
		return 0;
	return c >= 0x80 ? (char)c : ' ';
}

static void
read_name(const char *text, struct name *out)
{
	const unsigned char *at = (const unsigned char *)text;
	size_t len = 0;

	memset(out, 0, sizeof *out);
	while (*at != '\0' && out->count < WORDS_MAX) {
		char c = next_letter(&at);

		if (c == ' ' && len > 0) {
			out->len[out->count++] = len;
			len = 0;
		} else if (c != ' ' && c != 0 && len < WORD_MAX) {
			out->word[out->count][len++] = c;
		}
	}
	if (len > 0 && out->count < WORDS_MAX)
		out->len[out->count++] = len;
}

static bool
same_rest(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

/* One slip apart, the first difference being at a[i] and b[i]. */
static bool
is_slip(const char *a, size_t m, const char *b, size_t n)
{
	size_t i = 0;

	if (m < TYPO_LENGTH || n < TYPO_LENGTH)
		return false;
	while (i < m && i < n && a[i] == b[i])
		i++;
	if (m == n)
		return same_rest(a + i + 1, b + i + 1) ||
		       (i + 1 < m && a[i] == b[i + 1] && a[i + 1] == b[i] &&
		        same_rest(a + i + 2, b + i + 2));
	if (m + 1 == n)
		return same_rest(a + i, b + i + 1);
	return n + 1 == m && same_rest(a + i + 1, b + i);
}

/* Takes from `rest` a word like each of `few`; `slips` is how many slips that may cost.
 */
static bool
find_all(const struct name *few, const struct name *many, unsigned slips)
{
	bool taken[WORDS_MAX] = { false }, found[WORDS_MAX] = { false };

	for (int slip = 0; slip <= 1; slip++) /* what is equal first */
		for (size_t i = 0; i < few->count; i++)
			for (size_t k = 0; k < many->count && !found[i]; k++) {
				const char *a = few->word[i], *b = many->word[k];
				bool like = slip == 0
				                ? strcmp(a, b) == 0
				                : slips > 0 && is_slip(a, few->len[i], b,
				                                       many->len[k]);

				if (taken[k] || !like)
					continue;
				taken[k] = found[i] = true;
				slips -= slip == 1 ? 1 : 0;
			}
	for (size_t i = 0; i < few->count; i++)
		if (!found[i])
			return false;
	return true;
}

bool
person_is(const char *a, const char *b)
{
	struct name one, other;
	const struct name *few = &one, *many = &other;

	read_name(a, &one);
	read_name(b, &other);
	if (one.count > other.count) {
		few = &other;
		many = &one;
	}
	if (few->count == 0 || (few->count == 1 && many->count > 1))
		return false;
	return find_all(few, many, 1);
}
