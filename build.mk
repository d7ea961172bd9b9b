# How Hanok is compiled: an archive a layer, a program a folder of cmd/, a program a *_test.c.
# A build lives in a folder of its own, so that builds never mix.
OUT := build/$(BUILD)$(if $(findstring clang,$(CC)),$(if $(filter fuzz,$(BUILD)),,-clang))

STD := -std=c17 -D_GNU_SOURCE -I. -I/usr/include/mariadb
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wmissing-prototypes -Wswitch-enum -Werror
OPT_release := -O2 -g -fstack-protector-strong -D_FORTIFY_SOURCE=2
OPT_lint := $(OPT_release)
OPT_debug := -O0 -g3
OPT_asan := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined
OPT_tsan := -O1 -g -fno-omit-frame-pointer -fsanitize=thread
OPT_coverage := -O0 -g --coverage
OPT_fuzz := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined
OPT := $(OPT_$(BUILD))
COMPILE := $(CC) $(STD) $(WARN) $(OPT) -pthread $(CFLAGS)
# The folder it is compiled in does not change a program, nor call for another compilation.
HERE := '-fdebug-prefix-map=$(CURDIR)=.'
LINK := $(CC) $(OPT) -pthread -Wl,--as-needed -Wl,-z,now $(LDFLAGS)

# Argon2 arenas: libsodium is linked statically, so that its mmap can be wrapped (tool/crypto/arena.c).
# libsodium comes after the layers and needs what stands in for mmap from one of them: asked for up front.
LIBS_SODIUM := -Wl,--wrap=mmap -Wl,--wrap=munmap -Wl,--undefined=__wrap_mmap -l:libsodium.a
LIBS_PURE := -ljansson -lzxcvbn -lm $(LIBS_SODIUM)
LIBS_ALL := -lmariadb -lnats -lssl -lcrypto -lmicrohttpd $(LIBS_PURE)

# ---- what there is

ROOTS := tool model dataservice usecase protocol middleware
LAYER_DIRS := $(shell find $(ROOTS) -name '*.c' -printf '%h\n' | sort -u)
PROGRAMS := $(patsubst cmd/%/main.c,%,$(wildcard cmd/*/main.c))
# Images are built without test/.
TEST_SRC := $(shell find $(ROOTS) cmd $(wildcard test) -name '*_test.c')
BENCH_SRC := $(wildcard test/bench/*_bench.c)
FUZZ_SRC := $(shell find $(ROOTS) cmd -name '*_fuzz.c')

BINS := $(addprefix $(OUT)/hanok-,$(PROGRAMS))
TESTS := $(TEST_SRC:%.c=$(OUT)/%)
BENCHES := $(BENCH_SRC:%.c=$(OUT)/%)
FUZZERS := $(FUZZ_SRC:%.c=$(OUT)/%)
# These link without the MariaDB, NATS and HTTP libraries: what they test must not need a driver.
PURE_TESTS := $(filter-out $(OUT)/tool/saga/mysql/% $(OUT)/tool/once/mysql/%,$(filter $(addprefix $(OUT)/,usecase/% model/% \
	protocol/% tool/core/% tool/once/% tool/saga/% tool/encoder/% tool/resilience/% test/simulation/%),$(TESTS)))

lib = $(OUT)/lib$(subst /,-,$(1)).a
# The objects of a folder that are not a program by themselves.
objects = $(patsubst %.c,$(OUT)/%.o,$(filter-out %/main.c %_test.c %_fuzz.c %_bench.c,$(wildcard $(1)/*.c)))
LIBS := $(foreach d,$(LAYER_DIRS),$(call lib,$(d)))
LAYERS = -Wl,--start-group $(LIBS) -Wl,--end-group

all: $(BINS)
tests: $(TESTS)
benches: $(BENCHES)
fuzzers: $(FUZZERS)
# For scripts: where the programs are, and what test/run runs, one "kind file" a line.
out:
	@echo $(OUT)
list:
	@printf '%s\n' $(TESTS:%='unit %') $(FUZZERS:%='fuzz %')
.PHONY: all tests benches fuzzers checked out list
.SECONDARY:
.DELETE_ON_ERROR:

# ---- rules

# V=1 shows the commands as they are, V=0 nothing.
say = $(if $(V),$(if $(filter 0,$(V)),@),@echo '  $(1)  $@';)

# Other flags, or a file more or less, build again what depends on them.
define record
ifneq ($$(file <$(OUT)/$(1)),$(2))
$$(shell mkdir -p $(OUT))
$$(file >$(OUT)/$(1),$(2))
endif
endef
$(eval $(call record,flags,$(strip $(COMPILE) $(LINK))))
$(eval $(call record,layers,$(strip $(foreach d,$(LAYER_DIRS) test/support $(wildcard cmd/*),$(call objects,$(d))))))

$(OUT)/%.o: %.c $(OUT)/flags
	@mkdir -p $(@D)
	$(call say,CC  )$(COMPILE) $(HERE) -MMD -MP -c -o $@ $<

define archive_rule
$(call lib,$(1)): $(call objects,$(1)) $(OUT)/layers
	@rm -f $$@
	@ar rcs $$@ $$(filter %.o,$$^)
endef
$(foreach d,$(LAYER_DIRS) test/support,$(eval $(call archive_rule,$(d))))

define program_rule
$(OUT)/hanok-$(1): $(OUT)/cmd/$(1)/main.o $(call objects,cmd/$(1)) $(LIBS) $(OUT)/layers
	$$(call say,LINK)$(LINK) -o $$@ $$(filter %.o,$$^) $(LAYERS) $(LIBS_ALL)
endef
$(foreach p,$(PROGRAMS),$(eval $(call program_rule,$(p))))

# A test beside its source finds it in the layer's archive; one under cmd/ or test/ links its folder,
# one in test/cmd/X also what cmd/X has beside its main.
define test_rule
$(1): $(1).o $(if $(filter $(OUT)/cmd/% $(OUT)/test/%,$(1)),$(call objects,$(patsubst $(OUT)/%/,%,$(dir $(1))))) \
		$(if $(filter $(OUT)/test/%,$(1)),$(call lib,test/support)) $(LIBS) $(OUT)/layers \
		$(if $(filter $(OUT)/test/cmd/%,$(1)),$(call objects,$(patsubst $(OUT)/test/%/,%,$(dir $(1)))))
	$$(call say,LINK)$(LINK) -o $$@ $$(filter %.o,$$^) $(if $(filter $(OUT)/test/%,$(1)),$(call lib,test/support)) $(LAYERS) \
		$(if $(filter $(PURE_TESTS),$(1)),$(LIBS_PURE),$(LIBS_ALL)) -lcmocka
endef
$(foreach t,$(TESTS) $(BENCHES),$(eval $(call test_rule,$(t))))

define fuzz_rule
$(1): $(1).o $(if $(filter $(OUT)/cmd/%,$(1)),$(call objects,$(patsubst $(OUT)/%/,%,$(dir $(1))))) $(LIBS) $(OUT)/layers
	$$(call say,LINK)$(LINK) -fsanitize=fuzzer -o $$@ $$(filter %.o,$$^) $(LAYERS) $(LIBS_ALL)
endef
$(foreach f,$(FUZZERS),$(eval $(call fuzz_rule,$(f))))

# Every source and header by itself, for the warnings of a second compiler; nothing is built.
ALL_C := $(shell find $(ROOTS) cmd $(wildcard test) -name '*.[ch]')
checked: $(ALL_C:%=$(OUT)/%.checked)
$(OUT)/%.checked: % $(OUT)/flags
	@mkdir -p $(@D)
	$(call say,CHECK)$(COMPILE) $(if $(filter %.h,$<),-Wno-unused -x c) -fsyntax-only -MMD -MP -MT $@ -MF $@.d $< && touch $@

-include $(shell find $(OUT) -name '*.d' 2>/dev/null)
