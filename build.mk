# How Hanok is compiled: an archive a layer, a program a folder of cmd/, a program a *_test.c.
# A build lives in a folder of its own, so that builds never mix.
OUT := build/$(BUILD)$(if $(findstring clang,$(CC)),$(if $(filter fuzz,$(BUILD)),,-clang))

STD := -std=c17 -D_GNU_SOURCE -I. -I/usr/include/mariadb
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wmissing-prototypes -Wswitch-enum -Werror
OPT_release := -O2 -g -fstack-protector-strong -D_FORTIFY_SOURCE=2
OPT_lint := $(OPT_release)
OPT_debug := -O0 -g3
OPT_asan := -O1 -g1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined
OPT_tsan := -O1 -g1 -fno-omit-frame-pointer -fsanitize=thread
OPT_coverage := -O0 -g --coverage
OPT_fuzz := -O1 -g1 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined
OPT := $(OPT_$(BUILD))
COMPILE := $(CC) $(STD) $(WARN) $(OPT) -pthread $(CFLAGS)
# Half of the time that sanitizers take to compile would go into tests, which need not be quick. What an optimizer does not
# know of numbers it warns of: the release build says what is to be heeded.
TEST_CC := $(COMPILE) $(if $(filter asan tsan,$(BUILD)),-O0 -w)
# The folder it is compiled in does not change a program, nor call for another compilation.
HERE := '-fdebug-prefix-map=$(CURDIR)=.'
# There are hundreds of test programs, and the linker of what is shipped takes three times as long for each.
TEST_LD := $(if $(shell command -v ld.gold),-fuse-ld=gold)
LINK := $(CC) $(OPT) -pthread -Wl,--as-needed -Wl,-z,now $(LDFLAGS)

# What stands behind the <names of layers.txt. libsodium is linked statically, so that its mmap can be wrapped
# (tool/crypto/arena.c); it comes after the layers and needs what stands in for mmap from one of them: asked for up front.
LIBS_mysql := -lmariadb
LIBS_nats := -lnats
LIBS_openssl := -lssl -lcrypto
# Loaded when it is needed: see tool/fetch.
LIBS_curl :=
LIBS_microhttpd := -lmicrohttpd
LIBS_jansson := -ljansson
LIBS_zxcvbn := -lzxcvbn
LIBS_idn2 := -lidn2
LIBS_unicase := -lunistring
LIBS_unictype := -lunistring
LIBS_uninorm := -lunistring
LIBS_unistr := -lunistring
LIBS_sodium := -Wl,--wrap=mmap -Wl,--wrap=munmap -Wl,--undefined=__wrap_mmap -l:libsodium.a
LIBS_popt := -lpopt
LIBS_libsmartcols := -lsmartcols
LIBS_cmocka := -lcmocka
# A second opinion for the fuzzer of the HTTP reader, where it is installed.
comma := ,
HTTP_PARSER := $(if $(wildcard /usr/include/http_parser.h),-Wl$(comma)--no-as-needed -lhttp_parser)

# ---- what there is

ROOTS := tool model dataservice usecase protocol middleware
# Images are built without test/.
ALL_C := $(shell find $(ROOTS) cmd $(wildcard test) -name '*.[ch]')
PROGRAMS := $(patsubst cmd/%/main.c,%,$(wildcard cmd/*/main.c))
MAINS := $(filter %/main.c %_test.c %_fuzz.c %_bench.c,$(ALL_C))

# hanok-NAME is cmd/NAME; a tool for people is called as one word.
program = hanok$(if $(filter ctl,$(1)),,-)$(1)
BINS := $(foreach p,$(PROGRAMS),$(OUT)/$(call program,$(p)))
TESTS := $(patsubst %.c,$(OUT)/%,$(filter %_test.c,$(MAINS)))
BENCHES := $(patsubst %.c,$(OUT)/%,$(filter %_bench.c,$(MAINS)))
FUZZERS := $(patsubst %.c,$(OUT)/%,$(filter %_fuzz.c,$(MAINS)))

# reach.LAYER: what its row of layers.txt leads to, layers and <names; objects.LAYER: what its archive is made of.
comma := ,
ROWS := $(shell awk -f tool/lint/closure.awk tool/lint/layers.txt)
$(foreach row,$(ROWS),$(eval reach.$(subst $(comma), ,$(row))))
# layer_of FOLDER: the longest part that has a row, as for tool/lint/layers.awk.
layer_of = $(if $(reach.$(1)),$(1),$(if $(filter-out .,$(1)),$(call layer_of,$(patsubst %/,%,$(dir $(1))))))
$(foreach c,$(filter-out $(MAINS),$(filter %.c,$(ALL_C))),$(eval \
	objects.$(call layer_of,$(patsubst %/,%,$(dir $(c)))) += $(OUT)/$(c:.c=.o)))
ARCHIVED := $(foreach row,$(ROWS),$(foreach layer,$(firstword $(subst :, ,$(row))),$(if $(objects.$(layer)),$(layer))))

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
$(eval $(call record,flags,$(strip $(TEST_CC) $(LINK))))
$(eval $(call record,layers,$(strip $(ROWS) $(filter %.c,$(ALL_C)))))
$(eval $(call record,parsers,$(or $(HTTP_PARSER),none)))
$(OUT)/tool/http/http_reader_fuzz.o: $(OUT)/parsers

# What it holds by .incbin no compiler tells.
$(OUT)/middleware/docs_page.o: middleware/docs_page.html
$(OUT)/tool/crypto/password_guess.o: tool/crypto/common_words.txt

$(OUT)/%.o: %.c $(OUT)/flags
	@mkdir -p $(@D)
	$(call say,CC  )$(COMPILE) $(HERE) -MMD -MP -c -o $@ $<
$(TESTS:%=%.o): private COMPILE = $(TEST_CC)

# An archive a layer.
archive = $(OUT)/lib$(subst /,-,$(1)).a
define archive_rule
$(call archive,$(1)): $(objects.$(1)) $(OUT)/layers
	@rm -f $$@
	@ar rcs $$@ $$(filter %.o,$$^)
endef
$(foreach l,$(ARCHIVED),$(eval $(call archive_rule,$(l))))

# link PROGRAM,OBJECT,REACH,FLAGS: what is linked is what its layer may reach, and nothing else.
define link_rule
$(1): $(2) $(foreach l,$(filter $(ARCHIVED),$(3)),$(call archive,$(l))) $(OUT)/layers
	$$(call say,LINK)$(LINK) $(4) -o $$@ $(2) -Wl,--start-group $$(filter %.a,$$^) -Wl,--end-group \
		$(foreach l,$(patsubst <%,%,$(filter <%,$(3))),$(LIBS_$(l)))
endef
link = $(eval $(call link_rule,$(1),$(2),$(3),$(4)))
reach = $(reach.$(call layer_of,$(patsubst $(OUT)/%/,%,$(dir $(1)))))
$(foreach p,$(PROGRAMS),$(call link,$(OUT)/$(call program,$(p)),$(OUT)/cmd/$(p)/main.o,$(reach.cmd/$(p))))
$(foreach t,$(TESTS) $(BENCHES),$(call link,$(t),$(t).o,$(sort $(call reach,$(t)) $(reach._test.c)),$(TEST_LD)))
$(foreach f,$(FUZZERS),$(call link,$(f),$(f).o,$(call reach,$(f)),-fsanitize=fuzzer $(if $(filter %/http_reader_fuzz,$(f)),$(HTTP_PARSER))))

# Every source and header by itself, for the warnings of a second compiler; nothing is built.
checked: $(ALL_C:%=$(OUT)/%.checked)
$(OUT)/%.checked: % $(OUT)/flags
	@mkdir -p $(@D)
	$(call say,CHECK)$(COMPILE) $(if $(filter %.h,$<),-Wno-unused -x c) -fsyntax-only -MMD -MP -MT $@ -MF $@.d $< && touch $@

# Headers of what is built: to read those of tests takes longer than all else that `make all` does where nothing has changed.
ifneq ($(filter-out out list,$(WANTED)),)
-include $(shell find $(OUT) -type f -name '*.d' $(if $(filter-out all,$(WANTED)),,! -name '*_test.d' ! -path '$(OUT)/test/*') 2>/dev/null)
endif
