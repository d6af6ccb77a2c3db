package policy

import (
	"fmt"
	"path"
	"regexp"
	"strings"
)

// reader reads rules line by line.
type reader struct {
	proxy   *Proxy
	rules   ruleList // of cetusguard
	list    bool     // rules of cetusguard stand in it
	builtin bool     // cetusguard's own rules count as well
	on      map[string]bool
	set     int      // variables of HAProxy
	names   []string // of all variables
	env     map[string][]*regexp.Regexp
	flags   map[string][]*regexp.Regexp
	binds   []string
	several int // rules of wollomatic's proxy
	image   string
}

func (f *reader) line(line string) error {
	trimmed := strings.TrimSpace(line)
	if f.list {
		rules, _, err := listRules(trimmed)
		f.rules = append(f.rules, rules...)
		return err
	}
	if trimmed == "" || trimmed[0] == '#' {
		return nil
	}
	words := words(trimmed)
	for i := 0; i < len(words); i++ {
		used, err := f.word(words[i], words[i+1:])
		if err != nil {
			return err
		}
		if !used {
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
	f.names = append(f.names, name)
	if ruleVar(name) {
		f.set++
		f.on[name] = isOn(v)
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
