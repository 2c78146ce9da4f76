# Adit.  `make demo` shows it, `make test` proves it, `make help` lists the rest.
#
# `make` builds build/adit; `make MODE=asan` builds build/asan/adit beside it.
# Sources are found by folder; objects land in $(BUILD)/$(MODE), so that release,
# asan and fuzz builds stand side by side.  Dependencies come from -MMD; no recursion.

MODE  ?= release
BUILD ?= build
B     := $(BUILD)/$(MODE)

CC_release := gcc
CC_asan    := gcc
CC_fuzz    := clang
CCACHE     := $(shell command -v ccache 2>/dev/null)
COMPILE    := $(CCACHE) $(CC_$(MODE))

WARN_common := -Wall -Wextra -Wpedantic -Werror -Wshadow -Wconversion -Wsign-conversion \
	-Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition -Wformat=2 -Wvla \
	-Wundef -Wwrite-strings -Wcast-qual -Wswitch-enum -Wnull-dereference
WARN_gcc    := -Wduplicated-cond -Wlogical-op -Wimplicit-fallthrough=5
HARDEN      := -D_FORTIFY_SOURCE=3 -fstack-protector-strong -fstack-clash-protection \
	-fcf-protection=full -ftrivial-auto-var-init=zero -fPIE
SAN         := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer

CFLAGS_release := -O2 -g $(WARN_gcc) $(HARDEN)
CFLAGS_asan    := -O1 -g $(WARN_gcc) $(SAN) -Wno-null-dereference
CFLAGS_fuzz    := -O1 -g $(SAN) -fsanitize=fuzzer-no-link
LDFLAGS_release := -pie -Wl,-z,relro,-z,now,-z,noexecstack
LDFLAGS_asan    := $(SAN)
LDFLAGS_fuzz    := $(SAN)

PKGS := libevent libevent_openssl libevent_pthreads hiredis libpq libcurl openssl jansson libsodium libconfig
PKG_CFLAGS := $(shell pkg-config --cflags $(PKGS) 2>/dev/null | sed 's/-I/-isystem /g')
PKG_LIBS   := $(shell pkg-config --libs $(PKGS) 2>/dev/null) -lpthread

CFLAGS_all  = -std=c11 -D_GNU_SOURCE -I. $(WARN_common) $(CFLAGS_$(MODE)) $(PKG_CFLAGS) $(EXTRA_CFLAGS)

FLOORS  := lib config payments/core payments/provider payments/store payments/flow \
	ussd/core ussd/flow gateway gateway/cli gateway/channel gateway/channel/smpp gateway/channel/xmltcp gateway/webhook
SRC     := $(filter-out gateway/main.c,$(wildcard $(addsuffix /*.c,$(FLOORS))))
OBJ     := $(SRC:%.c=$(B)/%.o) $(B)/gen/schema_files.o
SIM_SRC := $(wildcard tests/sim/*.c)
SIM_PARTS := $(filter-out tests/sim/main.c tests/sim/flags.c,$(SIM_SRC))
FAKE_SRC := $(wildcard tests/fake/*.c)

LOCALES := $(patsubst config/locale/%.po,$(BUILD)/locale/%.mo,$(wildcard config/locale/*.po))

.PHONY: all
all: $(if $(filter release,$(MODE)),$(BUILD)/adit $(BUILD)/adit-sim,$(B)/adit $(B)/adit-sim) $(LOCALES)

# ---- compile and link ---------------------------------------------------------

$(B)/%.o: %.c
	@mkdir -p $(@D)
	$(COMPILE) $(CFLAGS_all) -MMD -MP -c -o $@ $<

$(B)/gen/schema_files.c: tools/embed-schema $(wildcard payments/schema/*.sql)
	@mkdir -p $(@D)
	tools/embed-schema payments/schema/*.sql > $@.new && mv $@.new $@

$(B)/gen/schema_files.o: $(B)/gen/schema_files.c
	$(COMPILE) $(CFLAGS_all) -Wno-overlength-strings -c -o $@ $<

$(B)/libadit.a: $(OBJ)
	@rm -f $@ && ar rcs $@ $^

# The simulator without its listeners: scenarios ask it in virtual time.
$(B)/libsim.a: $(SIM_PARTS:%.c=$(B)/%.o)
	@rm -f $@ && ar rcs $@ $^

$(B)/adit: $(B)/gateway/main.o $(B)/libadit.a
	$(COMPILE) $(LDFLAGS_$(MODE)) -o $@ $^ $(PKG_LIBS)

$(B)/adit-sim: $(SIM_SRC:%.c=$(B)/%.o) $(B)/libadit.a
	$(COMPILE) $(LDFLAGS_$(MODE)) -o $@ $^ $(PKG_LIBS)

# The release binaries have a short name of their own, the one the README speaks of.
$(BUILD)/adit: $(BUILD)/release/adit
	@ln -sf release/adit $@
$(BUILD)/adit-sim: $(BUILD)/release/adit-sim
	@ln -sf release/adit-sim $@

$(BUILD)/locale/%.mo: config/locale/%.po
	@mkdir -p $(@D)
	msgfmt --check-format --check-header -o $@ $<

# ---- tests: one program per file ------------------------------------------------

tests_in   = $(patsubst tests/$(1)/%.c,$(B)/tests/$(1)/%,$(wildcard tests/$(1)/test_*.c))
UNIT        := $(call tests_in,unit)
SCENARIO    := $(call tests_in,scenario)
INTEGRATION := $(call tests_in,integration)
FUZZ        := $(patsubst tests/fuzz/%.c,$(B)/tests/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))
BENCH       := $(patsubst tests/bench/%.c,$(B)/tests/bench/%,$(wildcard tests/bench/bench_*.c))

# A test with an oracle links it by a line of its own; the program never does.
$(B)/tests/unit/test_gsm7_oracle: ORACLE := -losmogsm -losmocore
$(B)/tests/unit/test_smpp_oracle: ORACLE := -lsmpp34
$(B)/tests/unit/%: $(B)/tests/unit/%.o $(B)/libadit.a
	$(COMPILE) $(LDFLAGS_$(MODE)) -o $@ $^ $(PKG_LIBS) -lcmocka $(ORACLE)
# What integration tests share (a fresh database with a writer on it) are the files that are no test.
BED_SRC := $(filter-out tests/integration/test_%,$(wildcard tests/integration/*.c))
$(B)/tests/integration/%: $(B)/tests/integration/%.o $(BED_SRC:%.c=$(B)/%.o) $(B)/libadit.a
	$(COMPILE) $(LDFLAGS_$(MODE)) -o $@ $^ $(PKG_LIBS) -lcmocka
# Scenarios link the scripted world of tests/fake before the real one: the fakes export
# the same symbols, so the linker never pulls the real clients out of the archive.
$(B)/tests/scenario/%: $(B)/tests/scenario/%.o $(FAKE_SRC:%.c=$(B)/%.o) $(B)/libsim.a $(B)/libadit.a
	$(COMPILE) $(LDFLAGS_$(MODE)) -o $@ $^ $(PKG_LIBS) -lcmocka
$(B)/tests/fuzz/%: $(B)/tests/fuzz/%.o $(B)/libadit.a
	$(COMPILE) $(LDFLAGS_$(MODE)) -fsanitize=fuzzer -o $@ $^ $(PKG_LIBS)
$(B)/tests/bench/%: $(B)/tests/bench/%.o $(B)/libadit.a
	$(COMPILE) $(LDFLAGS_$(MODE)) -o $@ $^ $(PKG_LIBS)

.SECONDARY:
.PHONY: tests-unit tests-scenario tests-integration tests-fuzz tests-bench
tests-unit: $(UNIT)
tests-scenario: $(SCENARIO)
tests-integration: $(INTEGRATION)
tests-fuzz: $(FUZZ)
tests-bench: $(BENCH)

-include $(OBJ:.o=.d) $(wildcard $(B)/gateway/*.d $(B)/tests/*/*.d)

# ---- what people run --------------------------------------------------------------

.PHONY: deps test test-quick demo up down lint fuzz clean help format
help: ## list these targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 28

deps: ## install the Debian packages that are missing (needs root or sudo)
	@tools/deps build run

test: ## everything: unit, scenario, SQL, integration, end to end; real PostgreSQL and Redis
	@tools/deps build run test
	@tools/run-tests

test-quick: ## unit and scenario tests only
	@tools/run-tests unit scenario

demo: ## the main job on a private stack, as a transcript; ONCE=1 ends afterwards
	@tools/deps build run demo
	@$(MAKE) --no-print-directory -s all
	@tools/demo $(if $(ONCE),--once)

up: ## the demo's stack in the background, for an integrator to work against
	@tools/deps build run demo
	@$(MAKE) --no-print-directory -s all
	@tools/up

down: ## stop what `make up` started
	@tools/down

lint: ## format, clang-tidy, floors, purity, banned functions, sizes, links
	@tools/deps build test
	@tests/lint/run

fuzz: ## every fuzz target for FUZZ_SECONDS (default 600) each
	@tools/deps build test
	@$(MAKE) --no-print-directory MODE=fuzz tests-fuzz
	@tools/run-fuzz $${FUZZ_SECONDS:-600}

bench-core: ## schedules, yearly cost and replay beside BLAKE2b, in microseconds
	@tools/deps build
	@$(MAKE) --no-print-directory -s all tests-bench
	@$(B)/tests/bench/bench_core

property: ## a million random loan products, and lives of loans
	@tools/deps build
	@$(MAKE) --no-print-directory -s tests-unit
	@PROPERTY_ROUNDS=1000000 $(B)/tests/unit/test_loan_property

torture: ## ten seeds of answer torture for every provider (one each is in make test)
	@tools/deps build run test
	@TORTURE_ALL=1 tools/run-tests scenario/test_torture
	@SEEDS=$${SEEDS:-10} TEST_TIMEOUT=1800 tools/run-tests e2e/torture

bench-pay: ## payouts a second through gateway, provider and ledger, beside pgbench TPC-B (COUNT=100000: the long run)
	@tools/deps build run
	@$(MAKE) --no-print-directory -s all
	@tools/bench-pay

bench-channels: ## USSD hops, SMPP, SMS in to reply, the phones' alphabet; beside nginx, fastify, npm smpp, Kannel, iconv
	@tools/deps build run demo bench
	@$(MAKE) --no-print-directory -s all tests-bench
	@tools/bench-hops
	@tools/bench-smpp
	@tools/bench-sms
	@$(B)/tests/bench/bench_gsm7

bench-day: ## the day's run over 100,000 live loans, beside pgbench TPC-B on the same server
	@tools/deps build run
	@$(MAKE) --no-print-directory -s all tests-bench
	@tools/bench-day

bench-settle: ## the ledger writer beside pgbench TPC-B on the same server
	@tools/deps build run
	@$(MAKE) --no-print-directory -s all tests-bench
	@tools/bench-settle

bench-smpp: ## SMS a second over one SMPP bind at windows 1, 10, 100, beside npm's smpp client
	@tools/deps build run demo
	@$(MAKE) --no-print-directory -s all tests-bench
	@tools/bench-smpp

docker-check: ## build and start the images without a Docker engine
	@tools/docker-check

format: ## rewrite sources in the house style
	@git ls-files '*.c' '*.h' | xargs clang-format -i

clean: ## remove build results (not var/)
	rm -rf $(BUILD)
.PHONY: bench-smpp torture bench-channels bench-pay bench-core bench-day bench-settle docker-check property
