package policy

import (
	"fmt"
	"strconv"
	"strings"
)

// Mark is what rules begin with, behind what begins a comment.
const Mark = "Written by socktrace policy. "

// Rules returns the rules of a proxy that let in what was seen, in one of its forms.
func (s *Seen) Rules(p *Proxy, form string) string { return planFor(s, p).text(form) }

// text writes the plan.
func (l *plan) text(form string) string {
	var b strings.Builder
	mark := "# "
	if form == List {
		mark = "! "
	}
	b.WriteString(wrap(mark, Mark+l.summary()))
	for _, remark := range l.remarks() {
		b.WriteString(wrap(mark, remark))
	}
	switch form {
	case Compose:
		l.compose(&b)
	case Labels:
		b.WriteString(wrap(mark, "For the container of the client; the proxy needs -proxycontainername."))
		b.WriteString(wrap(mark, needsMany) + "labels:\n")
		l.each(&b, form, "  # ", func(line string) string { return "  - '" + line + "'" })
	case Flags:
		b.WriteString(wrap(mark, needsMany) + "\n")
		l.each(&b, form, "# ", func(line string) string { return "'" + line + "'" })
	case List:
		b.WriteString(wrap(mark, "To be loaded with -rules-file, and with -no-builtin-rules: else the ping, the version and the information are let in as well.") + "\n")
		l.each(&b, form, "! ", func(line string) string { return line })
	default:
		if l.proxy == wollomatic {
			b.WriteString(wrap(mark, needsMany))
		}
		b.WriteByte('\n')
		l.each(&b, form, "# ", func(line string) string { return line })
	}
	return b.String()
}

// needsMany says which releases of wollomatic's proxy take several rules for a method.
const needsMany = "It takes release 1.12 or later to have several rules for a method."

// each writes the rules in a form, one a line behind what it is for.
func (l *plan) each(b *strings.Builder, form, mark string, line func(string) string) {
	numbers := map[string]int{}
	for i := range l.rules {
		r := &l.rules[i]
		older := saysMore("In releases "+gatesOf(l.proxy).older+" it lets in ", r.older)
		for _, says := range []string{r.says(), r.note, r.saysBeyond(), older} {
			b.WriteString(wrap(mark, says))
		}
		b.WriteString(line(l.line(r, form, numbers[r.name])) + "\n")
		numbers[r.name]++
	}
	if l.proxy != wollomatic {
		return
	}
	b.WriteString(wrap(mark, l.binds.note))
	if l.binds.dirs != nil {
		dirs := strings.Join(l.binds.dirs, ",")
		name := map[string]string{Env: "SP_ALLOWBINDMOUNTFROM", Labels: labelPrefix + "bindmountfrom"}[form]
		if name == "" {
			name = "-allowbindmountfrom"
		}
		b.WriteString(line(name+"="+dirs) + "\n")
	}
}

// labelPrefix is what the labels begin with that wollomatic's proxy reads.
const labelPrefix = "socket-proxy.allow."

// line returns a rule: the nth of its method.
func (l *plan) line(r *rule, form string, n int) string {
	switch {
	case l.proxy == cetusguard:
		return r.name + " " + r.value
	case l.proxy != wollomatic:
		return r.name + "=" + r.value
	}
	number := func(before string) string {
		if n == 0 {
			return ""
		}
		return before + strconv.Itoa(n)
	}
	switch form {
	case Env:
		return "SP_ALLOW_" + r.name + number("_") + "=" + r.value
	case Labels:
		return labelPrefix + strings.ToLower(r.name) + number(".") + "=" + r.value
	}
	return "-allow" + r.name + "=" + r.value
}

// service is what the proxy is called for its clients.
const service = "docker-proxy"

// compose writes a service for docker compose.
func (l *plan) compose(b *strings.Builder) {
	fmt.Fprintf(b, "services:\n  %s:\n    image: %s\n    restart: unless-stopped\n", service, l.proxy.Image)
	switch l.proxy {
	case wollomatic:
		b.WriteString("    user: \"65534:${DOCKER_GID:-999}\" # stat -c %g /var/run/docker.sock\n    read_only: true\n")
		b.WriteString("    command:\n      - '-listenip=0.0.0.0'\n      - '-allowfrom=0.0.0.0/0' # better the name of the client's service\n")
		b.WriteString(wrap("      # ", needsMany))
		l.each(b, Flags, "      # ", func(line string) string { return "      - '" + line + "'" })
	case cetusguard:
		b.WriteString("    read_only: true\n    environment:\n      CETUSGUARD_FRONTEND_ADDR: tcp://:2375\n      CETUSGUARD_NO_BUILTIN_RULES: \"true\"\n      CETUSGUARD_RULES: |\n")
		l.each(b, List, "        ! ", func(line string) string { return "        " + line })
	default:
		b.WriteString("    environment:\n")
		l.each(b, Env, "      # ", func(line string) string {
			name, value, _ := strings.Cut(line, "=")
			return "      " + name + ": " + value
		})
	}
	b.WriteString("    volumes:\n      - /var/run/docker.sock:/var/run/docker.sock:ro\n")
	b.WriteString(wrap("# ", "Clients in a network with it, and with nobody else, have DOCKER_HOST=tcp://"+service+":2375."))
}
