# Hanok. `make help` lists what there is to do.
BUILD ?= release
OUT := build/$(BUILD)
CC ?= gcc

STD := -std=c17 -D_GNU_SOURCE -I.
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wmissing-prototypes -Wswitch-enum -Werror
OPT_release := -O2 -g -fstack-protector-strong -D_FORTIFY_SOURCE=2
OPT_debug := -O0 -g3
OPT_asan := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined
OPT_tsan := -O1 -g -fno-omit-frame-pointer -fsanitize=thread
OPT := $(OPT_$(BUILD))
$(if $(OPT),,$(error BUILD is '$(BUILD)'; it must be release, debug, asan or tsan))
CFLAGS += $(STD) $(WARN) $(OPT) -I/usr/include/mariadb -MMD -MP -pthread
LDFLAGS += $(OPT) -pthread -Wl,--as-needed

# What a layer needs of others' libraries. Tests of the pure layers link without MySQL and NATS.
LIBS_PURE := -ljansson -lzxcvbn -lm
# Argon2 arenas: libsodium is linked statically, so that its mmap can be wrapped (tool/crypto/arena.c).
LIBS_SODIUM := -Wl,--wrap=mmap -Wl,--wrap=munmap -l:libsodium.a
LIBS_ALL := -lmariadb -lnats -lmicrohttpd $(LIBS_PURE)

LAYER_DIRS := $(shell find tool model dataservice usecase protocol middleware -name '*.c' -printf '%h\n' | sort -u)
lib = $(OUT)/lib$(subst /,-,$(1)).a
LIBS := $(foreach d,$(LAYER_DIRS),$(call lib,$(d)))
PROGRAMS := $(patsubst cmd/%/main.c,%,$(wildcard cmd/*/main.c))
BINS := $(addprefix $(OUT)/hanok-,$(PROGRAMS))
# The unit tests beside their sources, and those of test/ that are one C file each.
TEST_SRC := $(shell find tool model dataservice usecase protocol middleware cmd test -name '*_test.c')
TESTS := $(patsubst %.c,$(OUT)/%,$(TEST_SRC))
PURE_TESTS := $(filter $(OUT)/usecase/% $(OUT)/model/% $(OUT)/tool/core/% $(OUT)/tool/saga/% \
	$(OUT)/tool/encoder/% $(OUT)/tool/resilience/% $(OUT)/test/simulation/%,$(TESTS))
PURE_TESTS := $(filter-out $(OUT)/tool/saga/mysql/%,$(PURE_TESTS))

all: $(BINS)
tests: $(TESTS)
.PHONY: all tests
.SECONDARY:

$(OUT)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -c -o $@ $<

define layer_rule
$(call lib,$(1)): $(patsubst %.c,$(OUT)/%.o,$(filter-out %_test.c %_fuzz.c %_bench.c,$(wildcard $(1)/*.c)))
	@rm -f $$@
	ar rcs $$@ $$^
endef
$(foreach d,$(LAYER_DIRS),$(eval $(call layer_rule,$(d))))

define program_rule
$(OUT)/hanok-$(1): $(patsubst %.c,$(OUT)/%.o,$(filter-out %_test.c,$(wildcard cmd/$(1)/*.c))) $(LIBS)
	$(CC) $(LDFLAGS) -o $$@ $$(filter %.o,$$^) -Wl,--start-group $(LIBS) -Wl,--end-group $(LIBS_ALL) $(LIBS_SODIUM)
endef
$(foreach p,$(PROGRAMS),$(eval $(call program_rule,$(p))))

$(filter-out $(PURE_TESTS),$(TESTS)): $(OUT)/%: $(OUT)/%.o $(LIBS)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $< -Wl,--start-group $(LIBS) -Wl,--end-group $(LIBS_ALL) $(LIBS_SODIUM) -lcmocka

$(PURE_TESTS): $(OUT)/%: $(OUT)/%.o $(LIBS)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $< -Wl,--start-group $(LIBS) -Wl,--end-group $(LIBS_PURE) $(LIBS_SODIUM) -lcmocka

-include $(shell find $(OUT) -name '*.d' 2>/dev/null)
