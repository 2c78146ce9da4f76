#include "ussd/core/sms_command.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define PIN_MIN     4
#define PIN_MAX     6
#define CODE_DIGITS 6 /* of a one-time code */
#define BARE_WORDS  2 /* "yes", "yes please": an answer that forgot its code */
/* A typo is forgiven in a command, not in a letter: "John is not at the pit" is no JOIN.
 */
#define TYPO_WORDS     4
#define LANGUAGE_WORDS 8
#define TOPIC_WORDS    3 /* "STOP LOAN please": a longer text may speak of a loan */
/* An amount of as many digits as a PIN is taken for one only if it is round. */
#define ROUND 50

static const char *const KIND_NAMES[SMS_KINDS] = {
	[SMS_UNKNOWN] = "unknown",     [SMS_STOP] = "stop",         [SMS_START] = "start",
	[SMS_HELP] = "help",           [SMS_BALANCE] = "balance",   [SMS_PRICE] = "price",
	[SMS_RECEIPT] = "receipt",     [SMS_LOAN] = "loan",         [SMS_PAY] = "pay",
	[SMS_SALES] = "sales",         [SMS_LANGUAGE] = "language", [SMS_PIN] = "pin",
	[SMS_REGISTER] = "register",   [SMS_CONFIRM] = "confirm",   [SMS_TOPIC] = "topic",
	[SMS_STOP_WHAT] = "stop_what",
};

/* Whoever writes one of these beside a number writes a PIN. */
static const char *const PIN_WORDS[] = { "PIN", "SIRI", "NYWILA", "PASSWORD", "SECRET" };

const char *
sms_kind_name(enum sms_kind kind)
{
	return KIND_NAMES[kind];
}

enum sms_kind
sms_kind_by_name(const char *name)
{
	size_t n = strcspn(name, ".");

	for (int k = SMS_STOP; k < SMS_PIN; k++) {
		if (strlen(KIND_NAMES[k]) != n || strncmp(name, KIND_NAMES[k], n) != 0)
			continue;
		if (k == SMS_TOPIC)
			return name[n] == '\0' ? SMS_UNKNOWN : SMS_TOPIC;
		return name[n] == '\0' || k == SMS_LANGUAGE ? (enum sms_kind)k
		                                            : SMS_UNKNOWN;
	}
	return SMS_UNKNOWN;
}

const char *
sms_value_of_name(const char *name)
{
	const char *dot = strchr(name, '.');

	return dot == NULL ? "" : dot + 1;
}

/* ---- keywords ---- */

/* Are a and b equal but for one letter wrong, missing, extra, or two swapped? */
static bool
one_edit(const char *a, const char *b)
{
	size_t na = strlen(a), nb = strlen(b), i = 0;

	while (a[i] != '\0' && a[i] == b[i])
		i++;
	if (na == nb) {
		if (strcmp(a + i + (na > i), b + i + (nb > i)) == 0)
			return true;
		return na - i >= 2 && a[i] == b[i + 1] && a[i + 1] == b[i] &&
		       strcmp(a + i + 2, b + i + 2) == 0;
	}
	if (na == nb + 1)
		return strcmp(a + i + 1, b + i) == 0;
	if (nb == na + 1)
		return strcmp(a + i, b + i + 1) == 0;
	return false;
}

static bool
must_stand_alone(enum sms_kind kind)
{
	return kind == SMS_STOP || kind == SMS_START || kind == SMS_HELP;
}

struct table {
	const struct sms_keyword *keyword;
	size_t count;
	bool is_topics; /* looks among the words of topics, else among commands */
};

static bool
mean_the_same(const struct sms_keyword *a, const struct sms_keyword *b)
{
	return a->kind == b->kind &&
	       (a->kind != SMS_TOPIC || strcmp(a->value, b->value) == 0);
}

/* The keyword that a word is, in a text of so many words; one edit away where only one
 * command is so near. */
static const struct sms_keyword *
find_keyword(const struct table *t, const char *word, size_t among)
{
	const struct sms_keyword *near = NULL;
	bool is_clear = true;

	for (size_t k = 0; k < t->count; k++) {
		const struct sms_keyword *key = &t->keyword[k];
		bool alone = must_stand_alone(key->kind);
		struct sms_words plain;
		const char *text = plain.at[0].text;

		if ((key->kind == SMS_TOPIC) != t->is_topics)
			continue;
		sms_words_read(key->word, strlen(key->word), &plain);
		if (plain.count != 1 || (alone && among != 1))
			continue;
		if (strcmp(text, word) == 0)
			return key;
		if (alone || among > TYPO_WORDS || strlen(text) < 4 ||
		    !one_edit(text, word))
			continue;
		is_clear = is_clear && (near == NULL || mean_the_same(near, key));
		near = key;
	}
	return is_clear ? near : NULL;
}

/* The word that may be the keyword: the first that is no number. */
static size_t
first_word(const struct sms_words *words)
{
	struct sms_number number;
	size_t i = 0;

	while (i < words->count && sms_number_read(words, i, &number))
		i += number.words;
	return i;
}

/* ---- topics ---- */

/* "STOP LOAN": which topic, if the word behind STOP is one and no other is named. */
static const struct sms_keyword *
find_topic(const struct table *t, const struct sms_words *words)
{
	struct table topics = { t->keyword, t->count, true };
	const struct sms_keyword *topic = NULL;

	for (size_t w = 1; w < words->count && words->count <= TOPIC_WORDS; w++) {
		const struct sms_keyword *key =
		    find_keyword(&topics, words->at[w].text, words->count);

		if (w == 1)
			topic = key;
		else if (topic != NULL && key != NULL && !mean_the_same(topic, key))
			return NULL;
	}
	return topic;
}

/* A text that begins with STOP or START and has more words.  False: it does not. */
static bool
read_stop(const struct table *t, const struct sms_words *words, struct sms_command *out)
{
	const struct sms_keyword *stop, *topic;

	stop = words->count < 2 ? NULL : find_keyword(t, words->at[0].text, 1);
	if (stop == NULL || (stop->kind != SMS_STOP && stop->kind != SMS_START))
		return false;
	topic = find_topic(t, words);
	out->kind = topic == NULL ? SMS_STOP_WHAT : stop->kind;
	if (topic != NULL)
		snprintf(out->argument, sizeof out->argument, "%s", topic->value);
	return true;
}

/* ---- PINs ---- */

static bool
has_pin_length(size_t digits)
{
	return digits >= PIN_MIN && digits <= PIN_MAX;
}

/* "PIN4821", "mypin4821", "12.4821": as many digits as a PIN has, letters before them or
 * none. */
static bool
ends_like_pin(const struct sms_word *w)
{
	size_t letters = strspn(w->text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
	size_t digits = strspn(w->text + letters, "0123456789");

	return has_pin_length(digits) && letters + digits == w->length;
}

static size_t
spaced_out(const struct sms_words *words, size_t i)
{
	size_t n = 0;

	while (i + n < words->count && i + n < SMS_WORDS_MAX &&
	       words->at[i + n].length == 1 && words->at[i + n].text[0] >= '0' &&
	       words->at[i + n].text[0] <= '9')
		n++;
	return n;
}

/* "0712 000 300": how many words a phone number in groups takes; 0 if there is none. */
static size_t
phone_words(const struct sms_words *words, size_t i)
{
	size_t n = 0, digits = 0;

	if (words->at[i].text[0] != '0')
		return 0;
	for (; i + n < words->count && i + n < SMS_WORDS_MAX && digits < 10; n++) {
		const struct sms_word *w = &words->at[i + n];

		if (w->length < 2 || w->length > PIN_MIN ||
		    strspn(w->text, "0123456789") != w->length)
			break;
		digits += w->length;
	}
	return digits == 9 || digits == 10 ? n : 0;
}

struct pins {
	unsigned bare;  /* by themselves: amounts may be written so too */
	unsigned clear; /* in no way in which one writes an amount      */
};

static bool
invites_amount(enum sms_kind kind)
{
	return kind == SMS_LOAN || kind == SMS_PAY;
}

static struct pins
count_pins(const struct sms_words *words, enum sms_kind kind)
{
	struct pins pins = { 0, 0 };
	struct sms_number number;
	size_t step;

	for (size_t i = 0; i < words->count && i < SMS_WORDS_MAX; i += step) {
		bool is_number = sms_number_read(words, i, &number);
		size_t spaced = spaced_out(words, i), phone = phone_words(words, i);

		step = is_number ? number.words : 1;
		if (phone > 1) {
			step = phone;
		} else if (has_pin_length(spaced)) {
			pins.clear++;
			step = spaced;
		} else if (is_number && number.is_bare) {
			pins.bare += has_pin_length(number.digits);
		} else if (kind != SMS_RECEIPT && ends_like_pin(&words->at[i])) {
			pins.clear += !is_number || !invites_amount(kind) ||
			              strncmp(words->at[i].text, "PIN", 3) == 0;
		}
	}
	return pins;
}

bool
sms_looks_like_pin(const char *text, size_t n)
{
	struct sms_words words;
	struct pins pins;

	sms_words_read(text, n, &words);
	pins = count_pins(&words, SMS_UNKNOWN);
	sms_words_wipe(&words);
	return pins.bare + pins.clear > 0;
}

static bool
speaks_of_pin(const struct sms_words *words)
{
	for (size_t i = 0; i < words->count && i < SMS_WORDS_MAX; i++)
		for (size_t k = 0; k < sizeof PIN_WORDS / sizeof *PIN_WORDS; k++)
			if (strcmp(words->at[i].text, PIN_WORDS[k]) == 0)
				return true;
	return false;
}

/* An amount is what LOAN and PAY invite: one number of a PIN's length is none then. */
static bool
holds_pin(const struct sms_words *words, const struct sms_command *command)
{
	struct pins pins = count_pins(words, command->kind);

	/* A receipt code in groups may hold a group of digits; it is longer as a whole.
	 */
	if (command->kind == SMS_RECEIPT && strlen(command->argument) > PIN_MAX)
		return false;
	/* All its digits are one code.  Of a PIN typed there nothing is kept either. */
	if (command->kind == SMS_CONFIRM && command->argument[0] != '\0')
		return speaks_of_pin(words);
	if (pins.clear > 0)
		return true;
	if (invites_amount(command->kind) && !speaks_of_pin(words))
		return pins.bare > 1;
	return pins.bare > 0;
}

/* ---- one-time codes ---- */

/* "YES123456": where the code begins, behind the letters; 0 if it is no such word. */
static size_t
glued_code(const struct sms_word *w)
{
	size_t letters = strspn(w->text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");

	return letters > 0 && letters + CODE_DIGITS == w->length &&
	               strspn(w->text + letters, "0123456789") == CODE_DIGITS
	           ? letters
	           : 0;
}

/* The keyword in a word that ends in a code; NULL if it is none that takes a code. */
static const struct sms_keyword *
glued_keyword(const struct table *t, const struct sms_words *words, size_t at)
{
	struct sms_word word = words->at[at];
	size_t letters = glued_code(&word);
	const struct sms_keyword *key;

	if (letters == 0)
		return NULL;
	word.text[letters] = '\0';
	key = find_keyword(t, word.text, words->count);
	sodium_memzero(&word, sizeof word);
	return key != NULL && key->kind == SMS_CONFIRM ? key : NULL;
}

/* The digits of a word with O for 0 and I or L for 1 in it; false if it holds others, or
 * no digit at all. */
static bool
as_digits(const char *text, char out[SMS_WORD_MAX + 1])
{
	size_t n = strlen(text);

	if (strcspn(text, "0123456789") == n)
		return false;
	for (size_t i = 0; i <= n; i++)
		out[i] = text[i];
	for (size_t i = 0; i < n; i++) {
		if (out[i] == 'O')
			out[i] = '0';
		else if (out[i] == 'I' || out[i] == 'L')
			out[i] = '1';
		else if (out[i] < '0' || out[i] > '9')
			return false;
	}
	return true;
}

/* All digits of the text together, "123 456" and "1 2 3 4 5 6" too: six, or there is no
 * code. */
static void
find_code(const struct sms_words *words, size_t key, char out[SMS_ARGUMENT_MAX + 1])
{
	char code[CODE_DIGITS + 1] = "", digits[SMS_WORD_MAX + 1];
	size_t len = 0;

	for (size_t w = 0; w < words->count && w < SMS_WORDS_MAX; w++) {
		const char *text = words->at[w].text;

		if (w == key)
			text += glued_code(&words->at[w]);
		if (!as_digits(text, digits))
			continue;
		if (len + strlen(digits) > CODE_DIGITS) {
			len = 0;
			break;
		}
		memcpy(code + len, digits, strlen(digits) + 1);
		len += strlen(digits);
	}
	if (len == CODE_DIGITS)
		memcpy(out, code, sizeof code);
	sodium_memzero(code, sizeof code);
	sodium_memzero(digits, sizeof digits);
}

/* ---- arguments ---- */

static void
join_code(const struct sms_words *words, size_t key, char out[SMS_ARGUMENT_MAX + 1])
{
	size_t len = 0;

	for (size_t w = key + 1; w < words->count && w < SMS_WORDS_MAX; w++) {
		size_t n = strlen(words->at[w].text);

		if (len + n > SMS_ARGUMENT_MAX)
			break;
		memcpy(out + len, words->at[w].text, n);
		len += n;
	}
	out[len] = '\0';
}

/* The largest number: a loan's weeks are fewer than its shillings. */
static int64_t
find_amount(const struct sms_words *words)
{
	struct sms_number n, best = { 0 };
	size_t step;

	for (size_t i = 0; i < words->count; i += step) {
		bool is_number = sms_number_read(words, i, &n);

		step = is_number ? n.words : 1;
		if (is_number && n.value > best.value)
			best = n;
	}
	return best.is_bare && has_pin_length(best.digits) && best.value % ROUND != 0
	           ? 0
	           : best.value;
}

/* A language's name, or its two letters, among the first words. */
static void
find_language(const struct table *t, const struct sms_words *words,
              struct sms_command *out)
{
	for (size_t w = 0; w < words->count && w < LANGUAGE_WORDS; w++) {
		const char *word = words->at[w].text;
		const struct sms_keyword *key = find_keyword(t, word, 2);

		if (key != NULL && key->kind == SMS_LANGUAGE && key->value[0] != '\0')
			snprintf(out->argument, sizeof out->argument, "%s", key->value);
		for (size_t k = 0; k < t->count && strlen(word) == 2; k++) {
			const char *code = t->keyword[k].value;

			if ((code[0] ^ 0x20) == word[0] && (code[1] ^ 0x20) == word[1])
				snprintf(out->argument, sizeof out->argument, "%s", code);
		}
	}
}

static void
read_command(const struct table *t, const struct sms_words *words,
             struct sms_command *out)
{
	const struct sms_keyword *key = NULL;
	size_t at = first_word(words);

	if (at < words->count && at < SMS_WORDS_MAX)
		key = find_keyword(t, words->at[at].text, words->count);
	if (key == NULL && words->count > 0) {
		key = glued_keyword(t, words, 0);
		at = 0;
	}
	if (key != NULL)
		out->kind = key->kind;
	if (out->kind == SMS_RECEIPT)
		join_code(words, at, out->argument);
	else if (out->kind == SMS_LANGUAGE)
		find_language(t, words, out);
	else if (invites_amount(out->kind))
		out->amount = find_amount(words);
	else if (out->kind == SMS_CONFIRM)
		find_code(words, at, out->argument);
	if (out->kind == SMS_CONFIRM && out->argument[0] == '\0' &&
	    words->count > BARE_WORDS)
		out->kind = SMS_UNKNOWN; /* "yes, I come tomorrow" */
}

void
sms_command_read(const struct sms_keyword *keywords, size_t count, const char *text,
                 size_t n, struct sms_command *out)
{
	struct table table = { keywords, count, false };
	struct sms_words words;

	memset(out, 0, sizeof *out);
	sms_words_read(text, n > SMS_TEXT_MAX ? SMS_TEXT_MAX : n, &words);
	if (!read_stop(&table, &words, out))
		read_command(&table, &words, out);
	if (holds_pin(&words, out))
		*out = (struct sms_command){ .kind = SMS_PIN };
	sms_words_wipe(&words);
}
