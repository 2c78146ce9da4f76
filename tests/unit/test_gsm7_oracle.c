/* Septets, packing and the filler of USSD beside libosmogsm's, which others wrote. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first */
#include "ussd/core/gsm7.h"

#include <cmocka.h>
#include <osmocom/gsm/gsm_utils.h>
#include <string.h>

#define ROUNDS 2000
#define TEXT   200

static uint32_t
chance(void)
{
	static uint64_t seed = 7;

	seed = seed * 6364136223846793005U + 1442695040888963407U;
	return (uint32_t)(seed >> 33);
}

/* A text in Latin-1, as the library takes it, and the same in UTF-8.  Two letters are
 * left out: libosmogsm 1.7 gives the section sign and the inverted question mark the
 * septets of a and o with diaeresis (0x7b, 0x7c); the standard has 0x5f and 0x60. */
static void
random_text(char latin1[TEXT + 1], struct buf *utf8)
{
	static const unsigned char letters[] = "abcXYZ019 @$_!?*#&()<>=%{}[]\\^~|\n"
	                                       "\xa3\xa5\xe8\xe9\xf9\xec\xf2\xd8\xf8\xc5"
	                                       "\xe5\xc6\xe6\xdf\xc9\xc4\xd6\xd1\xdc"
	                                       "\xe4\xf6\xf1\xfc\xe0";
	unsigned n = chance() % 80;

	for (unsigned i = 0; i < n; i++) {
		unsigned char c = letters[chance() % (sizeof letters - 1)];

		latin1[i] = (char)c;
		utf8_put(utf8, c);
	}
	latin1[n] = '\0';
}

static void
septets_and_packing(void **state)
{
	(void)state;
	for (unsigned round = 0; round < ROUNDS; round++) {
		char latin1[TEXT + 1], room[2 * TEXT];
		uint8_t ours[2 * TEXT], theirs[2 * TEXT], packed[2 * TEXT],
		    reference[2 * TEXT];
		struct buf utf8;
		size_t n, len;
		int octets;

		buf_init(&utf8, room, sizeof room);
		random_text(latin1, &utf8);
		n = gsm7_encode(utf8.at, utf8.len, ours, sizeof ours);
		assert_int_equal(gsm_septet_encode(theirs, latin1), n);
		assert_memory_equal(ours, theirs, n);
		len = gsm7_pack(ours, n, packed, sizeof packed);
		memset(reference, 0, sizeof reference);
		assert_int_equal(
		    gsm_7bit_encode_n_ussd(reference, sizeof reference, latin1, &octets),
		    n);
		assert_int_equal(octets, len);
		assert_memory_equal(packed, reference, len);
	}
}

/* What they pack we unpack. */
static void
unpacking(void **state)
{
	(void)state;
	for (unsigned round = 0; round < ROUNDS; round++) {
		char latin1[TEXT + 1], room[2 * TEXT], back[2 * TEXT];
		uint8_t septets[2 * TEXT], packed[2 * TEXT];
		struct buf utf8, again;
		int octets;
		size_t n;

		buf_init(&utf8, room, sizeof room);
		random_text(latin1, &utf8);
		memset(packed, 0, sizeof packed);
		gsm_7bit_encode_n_ussd(packed, sizeof packed, latin1, &octets);
		n = gsm7_unpack(packed, (size_t)octets, septets, sizeof septets);
		buf_init(&again, back, sizeof back);
		gsm7_decode(septets, n, &again);
		assert_string_equal(again.at, utf8.at);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(septets_and_packing),
		cmocka_unit_test(unpacking),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
