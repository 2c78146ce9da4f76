/* Any signature fields: no crash, nothing forged is believed, and what is read lies
 * within its text.  The input is cut at its lines: Signature-Input, Signature,
 * Content-Digest, the body. */
#include "payments/provider/signature.h"

#include <stdlib.h>
#include <string.h>

#define KEY                                                                              \
	"MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqIVYZVLCrPZHGHjP17CTW0/"                    \
	"+D9Lfw0EkjqF7xB4FivAxzic30tMM4GF+hR6Dxh71Z50VGGdldkkDXZCnTNnoXQ=="

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *
field(const void *of, const char *name)
{
	static const char *const names[] = { "signature-input", "signature",
		                             "content-digest" };
	char *const *lines = of;

	for (unsigned i = 0; i < 3; i++)
		if (strcmp(names[i], name) == 0)
			return lines[i];
	return strcmp(name, "content-type") == 0 ? "application/json" : NULL;
}

static void
read_input(const char *text)
{
	struct signature_input in;

	if (!signature_input_read(text, "sig-pp", &in))
		return;
	if (in.params < text || in.params + in.params_len > text + strlen(text) ||
	    in.parts > SIGNATURE_PARTS || in.created < -1 || in.expires < -1)
		abort();
	for (unsigned i = 0; i < in.parts; i++)
		if (in.part[i].at < in.params ||
		    in.part[i].at + in.part[i].n > in.params + in.params_len)
			abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *lines[4], *at = malloc(size + 1), *whole = at;
	struct provider_post p = { .method = "POST",
		                   .authority = "adit.example",
		                   .path = "/callback/pawapay",
		                   .header = field,
		                   .of = lines,
		                   .wall_ms = 1764400000000 };

	if (at == NULL)
		return 0;
	memcpy(at, data, size);
	at[size] = '\0';
	for (unsigned i = 0; i < 4; i++) {
		lines[i] = at;
		at += strcspn(at, i < 3 ? "\n" : "");
		if (*at != '\0')
			*at++ = '\0';
	}
	read_input(lines[0]);
	p.body = lines[3];
	p.len = strlen(lines[3]);
	if (signature_wrong(&p, "sig-pp", KEY, "") == NULL)
		abort();
	free(whole);
	return 0;
}
