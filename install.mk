# make install, uninstall: what goes where. DESTDIR stands before every path.
BINDIR = $(PREFIX)/bin
MANDIR = $(PREFIX)/share/man/man8
DOCDIR = $(PREFIX)/share/doc/hanok
DATADIR = $(PREFIX)/share/hanok
UNITDIR = $(PREFIX)/lib/systemd/system
# What each shell completes hanokctl by, under the name it looks for.
COMPLETIONS := bash-completion/completions/hanokctl zsh/site-functions/_hanokctl fish/vendor_completions.d/hanokctl.fish
# Where the programs look for them, whatever PREFIX is.
CONFDIR = /etc/hanok
# STRIP=-s leaves the debugging symbols out.
STRIP ?=

# What plays somebody outside (services.conf: demo) stays here.
DEMOS := $(shell awk '!/^\#/ && $$7 == "demo" { print $$1 }' deploy/local/services.conf)
INSTALLED_BINS := $(filter-out $(DEMOS:%=$(OUT)/hanok-%),$(BINS))
MANUALS := $(INSTALLED_BINS:$(OUT)/%=$(OUT)/man/%.8)
UNITS := $(sort $(patsubst deploy/systemd/%,%,$(wildcard $(addprefix deploy/systemd/,*.service *.socket *.target *.d/*.conf))))
# Settings as shipped; a copy stays in DATADIR, by which an unchanged one is known.
SETTINGS := deploy/gateway/routes.conf $(wildcard deploy/systemd/*.conf)

# put FOLDER,MODE,FILES: they are installed into FOLDER, and removed from it.
INSTALL =
INSTALLED =
define put
INSTALL += install -D -m $(2) -t "$$(DESTDIR)$(1)" $(3) &&
INSTALLED += $(addprefix $(1)/,$(notdir $(3)))
endef
putting = $(eval $(call put,$(1),$(2),$(3)))
$(call putting,$(BINDIR),755 $(STRIP),$(INSTALLED_BINS))
$(call putting,$(MANDIR),644,$(MANUALS))
$(foreach c,$(COMPLETIONS),$(call putting,$(PREFIX)/share/$(patsubst %/,%,$(dir $(c))),644,$(OUT)/completion/$(c)))
$(call putting,$(DOCDIR),644,LICENSE README.md $(wildcard docs/*.md))
$(call putting,$(DATADIR)/settings,644,$(SETTINGS))
$(call putting,$(DATADIR)/nats,644,deploy/nats/users.conf)
$(call putting,$(DATADIR)/mysql,755,deploy/mysql/schema.sh)
$(call putting,$(DATADIR)/mysql,644,deploy/mysql/hanok.cnf)
$(call putting,$(DATADIR)/mysql,644,deploy/mysql/binlog.cnf)
$(foreach d,$(filter-out %/common/,$(sort $(dir $(shell find dataservice/migrations -name '*.sql')))),$(call putting \
	,$(DATADIR)/migrations/$(notdir $(d:%/=%)),644,$(wildcard $(d)*.sql)))
INSTALLED += $(UNITS:%=$(UNITDIR)/%)
# The pages, with what compress.sh puts beside them.
SITE := $(shell find site -type f)
$(foreach d,$(sort $(dir $(SITE))),$(call putting,$(DATADIR)/$(d:%/=%),644,$(filter $(d)%,$(wildcard $(d)*.*))))
INSTALLED += $(foreach form,gz br,$(SITE:%=$(DATADIR)/%.$(form)))

$(OUT)/man/%.8: $(OUT)/% tool/man.sh
	@mkdir -p $(@D)
	$(call say,MAN )tool/man.sh $< >$@

$(OUT)/completion/%: $(OUT)/hanokctl
	@mkdir -p $(@D)
	$(call say,GEN )$< completion $(firstword $(subst -, ,$(firstword $(subst /, ,$*)))) >$@

# First the settings: one that still is as it was shipped before gives way, a changed one stays.
install: $(INSTALLED_BINS) $(MANUALS) $(COMPLETIONS:%=$(OUT)/completion/%)
	@install -d "$(DESTDIR)$(CONFDIR)"
	@for file in $(SETTINGS); do \
	    name=$${file##*/}; mine="$(DESTDIR)$(CONFDIR)/$$name"; \
	    if [[ ! -e $$mine ]] || cmp -s "$$mine" "$(DESTDIR)$(DATADIR)/settings/$$name"; then \
	        install -m 644 "$$file" "$$mine"; \
	    else \
	        cmp -s "$$file" "$$mine" || echo "$$mine was changed and stays; the shipped one is in $(DATADIR)/settings"; \
	    fi || exit; \
	done
	@$(INSTALL) true
	@deploy/gateway/compress.sh "$(DESTDIR)$(DATADIR)/site"
	@for unit in $(UNITS); do \
	    install -D -m 644 /dev/null "$(DESTDIR)$(UNITDIR)/$$unit" && \
	    sed 's|/usr/|$(PREFIX)/|g' "deploy/systemd/$$unit" >"$(DESTDIR)$(UNITDIR)/$$unit" || exit; \
	done

# Folders that nobody else uses; they stay while something else is in them, such as secrets.
OWN_FOLDERS = $(DATADIR) $(DOCDIR) $(CONFDIR) $(filter %.d,$(patsubst %/,%,$(dir $(UNITS:%=$(UNITDIR)/%))))

uninstall:
	@for file in $(notdir $(SETTINGS)); do \
	    mine="$(DESTDIR)$(CONFDIR)/$$file"; \
	    if cmp -s "$$mine" "$(DESTDIR)$(DATADIR)/settings/$$file"; then rm -f "$$mine"; \
	    elif [[ -e $$mine ]]; then echo "$$mine was changed and stays"; fi; \
	done
	@cd "$(DESTDIR)/" && rm -f $(INSTALLED:/%=%)
	@cd "$(DESTDIR)/" && find $(OWN_FOLDERS:/%=%) -depth -type d -empty -delete 2>/dev/null || true
.PHONY: install uninstall
