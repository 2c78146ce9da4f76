/* How fast one core folds texts into the phones' alphabet and encodes them, one septet an
 * octet, beside glibc's iconv to UCS-2 of the same texts in the same run; best of five.
 * iconv does less: it neither folds nor refuses a letter, and what it writes costs twice
 * the SMS.
 *
 * Limited by one core and its first-level cache: the texts are few and stay hot, no
 * system call is made, and each character is looked up alone.  Texts are counted in bytes
 * of UTF-8 that go in. */
#include "ussd/core/gsm7.h"

#include <iconv.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define ROUNDS 20000
#define TRIES  5
#define ROOM   1024

static const char *const english[] = {
	"Mgodi Cooperative\nNeema Juma\n1 Loan\n2 Sell\n3 Price today\n4 Receipts",
	"Receipt Z23NY6SD: 0.62 g, purity 91.5%. Value 134,733.75 TZS, levies 10,778.70, "
	"loan 37,186.52, you get 86,768.53 TZS. Check: SMS RECEIPT",
	"You get 50,000 TZS\nFee 2,500 TZS, 102.9%/year\nPay back 52,500 TZS by 22 Dec",
	"Mkopo QQDTRU: Neema Juma anaomba 50,000 TZS. Ili kuamua, piga *384*77#: Maombi.",
	NULL,
};

/* Letters the phones have beyond ASCII, letters that fold, quotes that become straight.
 */
static const char *const french[] = {
	"Reçu Z23NY6SD : 0,62 g, pureté 91,5 %. Valeur 134 733,75 TZS, prélèvements "
	"10 778,70, prêt 37 186,52, vous recevez 86 768,53 TZS.",
	"L’échéance du prêt a été reportée au 22 déc. – vous n’avez rien à payer d’ici "
	"là",
	"Coopérative Mgodi\n1 Prêt\n2 Vendre\n3 Prix du jour\n4 Reçus\n5 Mon compte",
	"« Où êtes-vous né ? » à Kœnigsberg… coût : 5 €",
	NULL,
};

static const char *const *texts;
static iconv_t ucs2;

static int64_t
now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

static void
ours(const char *text, size_t n)
{
	static char folded[ROOM];
	static uint8_t septets[ROOM];
	struct buf b;

	buf_init(&b, folded, sizeof folded);
	gsm7_fold(&b, text, n);
	if (gsm7_encode(folded, b.len, septets, sizeof septets) == 0)
		fprintf(stderr, "does not encode: %s\n", text);
}

static void
theirs(const char *text, size_t n)
{
	static char from[ROOM], room[2 * ROOM]; /* iconv wants what it could write to */
	char *in = from, *out = room;
	size_t left = sizeof room;

	memcpy(from, text, n);
	if (iconv(ucs2, &in, &n, &out, &left) == (size_t)-1)
		fprintf(stderr, "iconv does not take: %s\n", text);
}

/* Nanoseconds of all texts once, the best of a few tries. */
static int64_t
best(void (*work)(const char *text, size_t n))
{
	int64_t least = INT64_MAX;

	for (int i = 0; i < TRIES; i++) {
		int64_t began = now_ns(), took;

		for (int k = 0; k < ROUNDS; k++) {
			for (const char *const *t = texts; *t != NULL; t++)
				work(*t, strlen(*t));
		}
		took = (now_ns() - began) / ROUNDS;
		if (took < least)
			least = took;
	}
	return least;
}

static void
compare(const char *language, const char *const *in)
{
	int64_t our_ns, their_ns;
	size_t bytes = 0, count = 0;

	texts = in;
	for (; in[count] != NULL; count++)
		bytes += strlen(in[count]);
	our_ns = best(ours);
	their_ns = best(theirs);
	printf("%-20s %10.0f %14.0f %10.0f %14.0f %10.2f x\n", language,
	       (double)bytes * 1e3 / (double)our_ns, (double)count * 1e9 / (double)our_ns,
	       (double)bytes * 1e3 / (double)their_ns,
	       (double)count * 1e9 / (double)their_ns, (double)their_ns / (double)our_ns);
}

int
main(void)
{
	ucs2 = iconv_open("UCS-2BE", "UTF-8");
	if (ucs2 == (iconv_t)-1) /* NOLINT(performance-no-int-to-ptr): as POSIX has it */
		return 1;
	printf("%-20s %10s %14s %10s %14s %10s\n", "fold and encode", "MB/s", "texts/s",
	       "iconv MB/s", "iconv texts/s", "Adit is");
	compare("English, Swahili", english);
	compare("French", french);
	iconv_close(ucs2);
	return 0;
}
