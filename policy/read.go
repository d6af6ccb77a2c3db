package policy

import (
	"errors"
	"fmt"
	"path"
	"regexp"
	"strings"
)

// MaxRules bounds a file of rules, in bytes.
const MaxRules = 1 << 20

// Read are rules that were read from a file.
type Read struct {
	Rules
	Name  string // of the file
	Proxy *Proxy
}

// Title names them for people.
func (r *Read) Title() string { return r.Name + " (" + r.Proxy.Name + ")" }

// ReadRules reads rules as a user has them: a file for docker compose, or what else the proxies
// take. For which proxy they are is found out, unless it is given. An error names the file and
// the line.
func ReadRules(name string, b []byte, p *Proxy) (*Read, error) {
	f := &reader{proxy: p, on: map[string]bool{}, env: map[string][]*regexp.Regexp{}, flags: map[string][]*regexp.Regexp{}}
	for _, v := range grantedUnasked {
		f.on[v] = true
	}
	text := strings.TrimPrefix(string(b), "\ufeff")
	f.yaml = aService().MatchString(text)
	f.builtin = !noBuiltin().MatchString(text)
	f.list = f.yaml && strings.Contains(text, "CETUSGUARD_RULES") || !f.yaml && aFileOfRules(text) || p == cetusguard
	n := 0
	for line := range strings.Lines(text) {
		n++
		if err := f.line(strings.TrimRight(line, "\r\n")); err != nil {
			return nil, fmt.Errorf("%s: line %d: %w", name, n, err)
		}
	}
	rules, p, err := f.done()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &Read{rules, name, p}, nil
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

// reader reads rules line by line.
type reader struct {
	listReader
	proxy   *Proxy
	yaml    bool // it is a file for docker compose, in which much is no rule
	list    bool // rules of cetusguard stand in it
	builtin bool // cetusguard's own rules count as well
	on      map[string]bool
	set     int // variables of HAProxy
	env     map[string][]*regexp.Regexp
	flags   map[string][]*regexp.Regexp
	binds   []string
	several int // rules of wollomatic's proxy
	image   string
}

func (f *reader) line(line string) error {
	trimmed := strings.TrimSpace(line)
	if f.list {
		if f.yaml {
			return f.listInYAML(line, trimmed)
		}
		if trimmed == "" || trimmed[0] == '!' {
			return nil
		}
		return f.listRule(trimmed)
	}
	if trimmed == "" || trimmed[0] == '#' {
		return nil
	}
	words := words(trimmed, f.yaml)
	if f.yaml && len(words) == 1 {
		if image, ok := strings.CutPrefix(words[0], "image="); ok {
			f.image = image
			return nil
		}
	}
	for i := 0; i < len(words); i++ {
		used, err := f.word(words[i], words[i+1:])
		if err != nil {
			return err
		}
		if !used && !f.yaml {
			return fmt.Errorf("no rule of a proxy that is known: %s", quoted(trimmed))
		}
		if separate().MatchString(words[i]) {
			i++
		}
	}
	return nil
}

var (
	anAllowFlag = lazily(`^--?allow(GET|HEAD|POST|PUT|PATCH|DELETE|CONNECT|TRACE|OPTIONS)(?:=(.*))?$`)
	aBindFlag   = lazily(`^--?allowbindmountfrom(?:=(.*))?$`)
	anyFlag     = lazily(`^--?[a-z][a-z-]*(=.*)?$`)
	separate    = lazily(`^--?allow(GET|HEAD|POST|PUT|PATCH|DELETE|CONNECT|TRACE|OPTIONS|from|bindmountfrom)$`) // its value is the next word
	anAllowEnv  = lazily(`^SP_ALLOW_(GET|HEAD|POST|PUT|PATCH|DELETE|CONNECT|TRACE|OPTIONS)(?:_[^=]*)?=(.*)$`)
	anAllow     = lazily(`^socket-proxy\.allow\.(?i:(get|head|post|put|patch|delete|connect|trace|options))(?:\.[^=]*)?=(.*)$`)
)

// word reads a flag, a variable or a label; next are the words behind it. It reports whether it
// is one.
func (f *reader) word(w string, next []string) (bool, error) {
	value := func(m []string) string {
		if separate().MatchString(w) && len(next) > 0 {
			return next[0]
		}
		return m[len(m)-1]
	}
	if m := anAllowFlag().FindStringSubmatch(w); m != nil {
		return true, f.allow(f.flags, m[1], value(m))
	}
	if m := aBindFlag().FindStringSubmatch(w); m != nil {
		return true, f.mounts(value(m))
	}
	if m := anAllowEnv().FindStringSubmatch(w); m != nil {
		return true, f.allow(f.env, m[1], m[2])
	}
	if m := anAllow().FindStringSubmatch(w); m != nil {
		return true, f.allow(f.flags, strings.ToUpper(m[1]), m[2])
	}
	for _, bind := range []string{"SP_ALLOWBINDMOUNTFROM=", labelPrefix + "bindmountfrom="} {
		if dirs, ok := strings.CutPrefix(w, bind); ok {
			return true, f.mounts(dirs)
		}
	}
	if !anEnv().MatchString(w) {
		return anyFlag().MatchString(w) || strings.HasSuffix(w, ":") || w == "\\", nil
	}
	name, v, _ := strings.Cut(w, "=")
	for _, known := range haproxyVars() {
		if known == name {
			f.set++
			f.on[name] = isOn(v)
		}
	}
	return true, nil
}

// allow adds an expression of wollomatic's proxy.
func (f *reader) allow(to map[string][]*regexp.Regexp, method, expression string) error {
	if expression == "" {
		return nil // the proxy has none then
	}
	e, err := anchored(expression)
	if err != nil {
		return fmt.Errorf("no expression: %s: %w", quoted(expression), err)
	}
	f.several++
	to[method] = append(to[method], e)
	return nil
}

// mounts adds the folders that may be mounted.
func (f *reader) mounts(dirs string) error {
	f.binds = nil
	if dirs == "" {
		return nil
	}
	for dir := range strings.SplitSeq(dirs, ",") {
		if !strings.HasPrefix(dir, "/") {
			return fmt.Errorf("no folder that may be mounted: %s: it begins with /", quoted(dir))
		}
		f.binds = append(f.binds, path.Clean(dir))
	}
	return nil
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
			return nil, nil, errors.New("no rules of a proxy that is known")
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
	return newHAProxy(f.proxy, f.on), f.proxy, nil
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
