package policy

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// MaxRules bounds a file of rules, in bytes.
const MaxRules = 1 << 20

// Read are rules that were read from a file.
type Read struct {
	Rules
	Name    string // of the file
	Proxy   *Proxy
	Unknown []string // variables that no release of the proxy knows
}

// Title names them for people, with the releases of the proxy that they are read as those of.
func (r *Read) Title() string {
	of := r.Proxy.Name
	if h, ok := r.Rules.(*haproxy); ok {
		of += " " + h.releases()
	}
	return r.Name + " (" + of + ")"
}

// ReadRules reads rules as a user has them: a file for docker compose, or what else the proxies
// take. For which proxy they are is found out, unless it is given. An error names the file and
// the line.
func ReadRules(name string, b []byte, p *Proxy) (*Read, error) {
	f := &reader{proxy: p, on: map[string]bool{}, env: map[string][]*regexp.Regexp{}, flags: map[string][]*regexp.Regexp{}}
	for _, v := range grantedUnasked {
		f.on[v] = true
	}
	text := strings.TrimPrefix(string(b), "\ufeff")
	if err := f.text(text); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	rules, p, err := f.done()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &Read{rules, name, p, f.unknown()}, nil
}

// text reads a file.
func (f *reader) text(text string) error {
	if f.proxy != cetusguard && aService().MatchString(text) || f.proxy == cetusguard && strings.Contains(text, rulesVar) {
		return f.composeFile(text)
	}
	f.builtin = !noBuiltin().MatchString(text)
	f.list = aFileOfRules(text) || f.proxy == cetusguard
	n := 0
	for line := range strings.Lines(text) {
		n++
		if err := f.line(strings.TrimRight(line, "\r\n")); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
	}
	return nil
}

// aService is a line that a file for docker compose, or a part of one, has.
var aService = lazily(`(?m)^[ \t]*(services|environment|command|labels):`)

// noBuiltin is what says that cetusguard's own rules are not loaded.
var noBuiltin = lazily(`-no-builtin-rules\b|CETUSGUARD_NO_BUILTIN_RULES["']?[:=] *["']?(1|t|T|TRUE|true|True)\b`)

// aFileOfRules reports whether a text looks like rules of cetusguard: its first line that is no
// comment does.
func aFileOfRules(text string) bool {
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '!' || line[0] == '#' {
			continue
		}
		return aListRule().MatchString(line)
	}
	return false
}

// done returns the rules that were read, and for which proxy they are.
func (f *reader) done() (Rules, *Proxy, error) {
	if f.proxy == nil {
		switch {
		case f.list:
			f.proxy = cetusguard
		case f.several > 0 || f.binds != nil:
			f.proxy = wollomatic
		case f.set > 0 && strings.Contains(f.image, "linuxserver"):
			f.proxy = linuxserver
		case f.set > 0:
			f.proxy = tecnativa
		default:
			return nil, nil, errNoRules
		}
	}
	switch f.proxy {
	case cetusguard:
		if len(f.rules) == 0 {
			return nil, nil, errors.New("no rules of cetusguard that can be read")
		}
		return f.withBuiltin(), f.proxy, nil
	case wollomatic:
		for method, all := range f.env {
			if f.flags[method] == nil { // flags count before variables
				f.flags[method] = all
			}
		}
		return &allowList{f.flags, f.binds}, f.proxy, nil
	}
	return newHAProxy(f.proxy, f.on).inRelease(f.image), f.proxy, nil
}

// unknown returns the variables that were read and that no release of the proxy knows.
func (f *reader) unknown() (all []string) {
	for _, name := range f.names {
		if isHAProxy(f.proxy) && !knowsVar(f.proxy, name) && !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	return all
}

// withBuiltin returns the rules with those that cetusguard has by itself.
func (f *reader) withBuiltin() ruleList {
	rules := f.rules
	if !f.builtin {
		return rules
	}
	for line := range strings.SplitSeq(builtinRules, "\n") {
		r, err := parseListRule(line)
		if err != nil {
			panic(err) // our own: a test would see
		}
		rules = append(rules, r)
	}
	return rules
}

// anUnknown is in a value that has a variable which nothing is known of.
var anUnknown = lazily(`\$\{|^\$[A-Za-z_]`)

// chosen returns the service that the rules are of.
func chosen(all []composed) (composed, error) {
	of := slices.DeleteFunc(slices.Clone(all), func(s composed) bool { return !s.ruled() })
	if proxies := slices.DeleteFunc(slices.Clone(of), func(s composed) bool { return !aProxy().MatchString(s.image) }); len(proxies) > 0 {
		of = proxies
	}
	switch len(of) {
	case 0:
		return composed{}, errNoRules
	case 1:
		return of[0], nil
	}
	var names []string
	for _, s := range of {
		names = append(names, s.name)
	}
	return composed{}, fmt.Errorf("several services have rules: %s: leave one", few(shown(names), 4))
}

// errNoRules says that a file has no rules.
var errNoRules = errors.New("no rules of a proxy that is known")

// ruled reports whether there are rules among the settings of a service.
func (s *composed) ruled() bool {
	return slices.ContainsFunc(s.settings, func(w setting) bool {
		name, _, _ := strings.Cut(w.text, "=")
		return ruleVar(name) || name == rulesVar ||
			slices.ContainsFunc([]*regexp.Regexp{anAllowFlag(), aBindFlag(), anAllowEnv(), anAllow()}, func(e *regexp.Regexp) bool { return e.MatchString(w.text) })
	})
}

// rulesVar is the variable that has rules of cetusguard.
const rulesVar = "CETUSGUARD_RULES"

// composeFile reads the rules in a file for docker compose.
func (f *reader) composeFile(text string) error {
	all, err := services(text)
	if err != nil {
		return err
	}
	s, err := chosen(all)
	if err != nil {
		return err
	}
	f.image = s.image
	var words []string
	for _, w := range s.settings {
		words = append(words, w.text)
	}
	f.builtin = !noBuiltin().MatchString(strings.Join(words, "\n"))
	for i, w := range s.settings {
		if rules, ok := strings.CutPrefix(w.text, rulesVar+"="); ok {
			list, n, err := listRules(rules)
			if err != nil {
				return fmt.Errorf("line %d: %w", w.at(n), err)
			}
			f.list, f.rules = true, append(f.rules, list...)
			continue
		}
		used, err := f.word(w.text, words[i+1:])
		if err == nil && used && anUnknown().MatchString(valueOf(w.text)) {
			err = fmt.Errorf("the value of a variable is not known: %s: docker compose config writes it", quoted(w.text))
		}
		if err != nil {
			return fmt.Errorf("line %d: %w", w.line, err)
		}
	}
	return nil
}

// valueOf returns what is behind the name of a setting.
func valueOf(text string) string {
	_, value, _ := strings.Cut(text, "=")
	return value
}
