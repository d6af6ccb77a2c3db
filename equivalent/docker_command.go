package equivalent

import (
	"iter"
	"strconv"
	"strings"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// command is a docker command that is put together.
type command struct {
	words   []string // flags with their values, and arguments, each quoted
	before  string   // what stands before it, such as "printf %s x | "
	after   string   // what stands behind it, such as " > x.tar"
	secrets *secrets
	during  iter.Seq[*wire.Request]
	broken  bool // there is a zero byte in it, which no word can have
	call    Call
}

// word returns text of the traffic as one word, with variables in the place of secrets,
// which are called otherwise if nothing before them names them.
func (c *command) word(text, otherwise string) string {
	c.broken = c.broken || strings.IndexByte(text, 0) >= 0
	return shellParts(c.secrets.cut(text, otherwise), shellWord)
}

// say adds words as they are.
func (c *command) say(words ...string) { c.words = append(c.words, words...) }

// flag adds a flag with its value, if there is one.
func (c *command) flag(name, v string) {
	if v != "" {
		c.set(name, v)
	}
}

// set adds a flag with its value, be it empty.
func (c *command) set(name, v string) {
	c.say(name + " " + c.word(v, strings.TrimLeft(name, "-")))
}

// flags adds a flag for each value.
func (c *command) flags(name string, values []string) {
	for _, v := range values {
		c.set(name, v)
	}
}

// on adds a flag without value, if it is on.
func (c *command) on(name string, on bool) {
	if on {
		c.say(name)
	}
}

// args adds arguments. What would be read as a flag stands behind "--".
func (c *command) args(values ...string) {
	for _, v := range values {
		if strings.HasPrefix(v, "-") && v != "-" {
			c.say("--")
			break
		}
	}
	c.rest(values...)
}

// rest adds arguments that nothing reads as flags.
func (c *command) rest(values ...string) {
	for _, v := range values {
		c.say(c.word(v, "argument"))
	}
}

// note adds a sentence.
func (c *command) note(sentence string) { c.call.note(sentence) }

// none says that there is no such command, and why.
func (c *command) none(why string) {
	c.words = nil
	c.note(why)
}

// text returns the command; nothing if there is none.
func (c *command) text() string {
	if len(c.words) == 0 {
		return ""
	}
	return inLines(c.before+"docker", c.words, c.after)
}

// sizeWord returns a number of bytes as people write it: 536870912 is "512m".
func sizeWord(digits string) string {
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || n <= 0 {
		return digits
	}
	unit := ""
	for _, u := range []string{"k", "m", "g"} {
		if n%1024 != 0 {
			break
		}
		n /= 1024
		unit = u
	}
	return strconv.FormatInt(n, 10) + unit
}

// cpusWord returns billionths of a CPU as CPUs: 1500000000 is "1.5".
func cpusWord(digits string) string {
	if len(digits) > 18 || strings.Trim(digits, "0123456789") != "" || digits == "" {
		return digits
	}
	digits = strings.Repeat("0", max(0, 10-len(digits))) + digits
	whole, part := digits[:len(digits)-9], strings.TrimRight(digits[len(digits)-9:], "0")
	if part == "" {
		return whole
	}
	return whole + "." + part
}

// csvWord returns values as one record of CSV (RFC 4180), as some flags read it.
func csvWord(values []string) string {
	all := make([]string, len(values))
	for i, v := range values {
		if strings.ContainsAny(v, ",\"\r\n") || strings.HasPrefix(v, " ") || strings.HasPrefix(v, "\t") {
			v = `"` + strings.ReplaceAll(v, `"`, `""`) + `"`
		}
		all[i] = v
	}
	return strings.Join(all, ",")
}

// durationWord returns nanoseconds as a duration: 90000000000 is "1m30s".
func durationWord(digits string) string {
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return digits
	}
	word := time.Duration(n).String()
	if short, is := strings.CutSuffix(word, "m0s"); is {
		word = short + "m"
	}
	if short, is := strings.CutSuffix(word, "h0m"); is {
		word = short + "h"
	}
	return word
}

// octalWord returns the mode of a file as people write it.
func octalWord(digits string) string {
	n, err := strconv.ParseUint(digits, 10, 32)
	if err != nil {
		return ""
	}
	return strconv.FormatUint(n, 8)
}
