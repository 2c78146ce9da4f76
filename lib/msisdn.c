#include "lib/msisdn.h"

#include <string.h>

/* Lengths and mobile prefixes from each country's numbering plan, as collected for the
 * countries where the product's providers pay. */
static const struct msisdn_country countries[] = {
	{ "BF", "226", "", 8, "0567", NULL },   { "CD", "243", "0", 9, "89", NULL },
	{ "CI", "225", "", 10, "0", NULL },     { "CO", "57", "", 10, "3", NULL },
	{ "GH", "233", "0", 9, "25", NULL },    { "GN", "224", "", 9, "6", NULL },
	{ "KE", "254", "0", 9, "17", NULL },    { "MG", "261", "0", 9, "3", NULL },
	{ "ML", "223", "", 8, "56789", NULL },  { "MZ", "258", "", 9, "8", "234567" },
	{ "NG", "234", "0", 10, "789", NULL },  { "PE", "51", "", 9, "9", NULL },
	{ "PH", "63", "0", 10, "9", NULL },     { "RW", "250", "0", 9, "7", "2389" },
	{ "SL", "232", "0", 8, "23789", NULL }, { "TZ", "255", "0", 9, "67", NULL },
	{ "UG", "256", "0", 9, "7", NULL },     { "ZM", "260", "0", 9, "79", NULL },
	{ "ZW", "263", "0", 9, "7", NULL },
};

const struct msisdn_country *
msisdn_country(const char *iso)
{
	for (size_t i = 0; i < sizeof countries / sizeof *countries; i++) {
		if (strcmp(countries[i].iso, iso) == 0)
			return &countries[i];
	}
	return NULL;
}

/* Digits only, with a leading plus told apart; spaces, dots, hyphens and brackets are how
 * people write numbers down. */
static bool
read_digits(const char *s, size_t n, char out[24], size_t *count, bool *plus)
{
	*count = 0;
	*plus = false;
	for (size_t i = 0; i < n; i++) {
		if (s[i] >= '0' && s[i] <= '9') {
			if (*count >= 20)
				return false;
			out[(*count)++] = s[i];
		} else if (s[i] == '+' && *count == 0 && !*plus) {
			*plus = true;
		} else if (strchr(" .-()", s[i]) == NULL || s[i] == '\0') {
			return false;
		}
	}
	return *count > 0;
}

static bool
national_ok(const struct msisdn_country *c, const char *national, size_t n)
{
	return n == c->national && n > 1 && strchr(c->mobile, national[0]) != NULL &&
	       (c->second == NULL || strchr(c->second, national[1]) != NULL);
}

static bool
take(struct msisdn *out, const char *cc, const char *rest, size_t n)
{
	size_t cc_len = strlen(cc);

	if (cc_len + n > MSISDN_MAX)
		return false;
	memcpy(out->digits, cc, cc_len);
	memcpy(out->digits + cc_len, rest, n);
	out->digits[cc_len + n] = '\0';
	return true;
}

static bool
take_international(struct msisdn *out, const char *digits, size_t n)
{
	if (n < 8 || n > MSISDN_MAX || digits[0] == '0')
		return false;
	for (size_t i = 0; i < sizeof countries / sizeof *countries; i++) {
		const struct msisdn_country *c = &countries[i];
		size_t cc_len = strlen(c->cc);

		if (n > cc_len && memcmp(digits, c->cc, cc_len) == 0)
			return national_ok(c, digits + cc_len, n - cc_len) &&
			       take(out, "", digits, n);
	}
	return take(out, "", digits,
	            n); /* a country without a row: length is all we know */
}

bool
msisdn_parse(const char *s, size_t n, const struct msisdn_country *home,
             struct msisdn *out)
{
	char digits[24];
	size_t count, trunk;
	bool plus;

	if (n > 32 || !read_digits(s, n, digits, &count, &plus))
		return false;
	if (plus)
		return take_international(out, digits, count);
	if (count > 2 && digits[0] == '0' && digits[1] == '0')
		return take_international(out, digits + 2, count - 2);
	if (home != NULL) {
		trunk = strlen(home->trunk);
		if (trunk > 0 && count > trunk &&
		    memcmp(digits, home->trunk, trunk) == 0 &&
		    national_ok(home, digits + trunk, count - trunk))
			return take(out, home->cc, digits + trunk, count - trunk);
		if (national_ok(home, digits, count))
			return take(out, home->cc, digits, count);
	}
	return take_international(out, digits, count);
}

char *
msisdn_mask(const char *digits, char out[MSISDN_MAX + 1])
{
	size_t n = strnlen(digits, MSISDN_MAX);

	memcpy(out, digits, n);
	out[n] = '\0';
	for (size_t i = 5; i + 3 < n; i++)
		out[i] = '*';
	if (n <= 8)
		memset(out, '*', n);
	return out;
}
