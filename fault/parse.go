package fault

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/socktrace/socktrace/filter"
	"github.com/socktrace/socktrace/internal/spelling"
	"github.com/socktrace/socktrace/internal/units"
)

// maxRule is how long a rule may be, in bytes.
const maxRule = 4 << 10

// example is what a rule looks like, for those whose rule is none.
const example = `ContainerStart: 500 "no space left" x2`

// Parse reads a rule. Its errors say what is wrong, and what was probably meant.
func Parse(text string) (*Rule, error) {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return nil, errors.New("an empty rule: one is such as " + example)
	case len(text) > maxRule:
		return nil, fmt.Errorf("a rule of %d bytes: %d are allowed", len(text), maxRule)
	case !utf8.ValidString(text):
		return nil, errors.New("a rule is text in UTF-8")
	}
	r := &Rule{Text: text, Share: 1}
	rest, err := r.parseWhich(text)
	if err != nil {
		return nil, err
	}
	words, err := split(rest)
	if err != nil {
		return nil, err
	}
	if words, err = r.parseWhat(words); err != nil {
		return nil, err
	}
	if err := r.parseOften(words); err != nil {
		return nil, err
	}
	r.Action.Rule = r.Which + ": " + r.Action.String()
	return r, nil
}

// parseWhich reads what requests a rule is about, and returns what stands behind the colon.
func (r *Rule) parseWhich(text string) (rest string, err error) {
	switch text[0] {
	case '(', '"', '\'', '`':
		end := closes(text)
		if end < 0 {
			return "", fmt.Errorf("%s: the expression that begins with %c does not end", shortened(text), text[0])
		}
		r.Which, rest = text[:end], strings.TrimSpace(text[end:])
		if rest == "" || rest[0] != ':' {
			return "", fmt.Errorf("%s: behind the expression stands a colon, and what is to happen", shortened(r.Which))
		}
		rest = rest[1:]
		err = r.parseExpression(r.Which[1 : end-1])
	case '/':
		var is bool
		if r.Which, rest, is = strings.Cut(text, ": "); !is { // names of images have colons
			return "", fmt.Errorf("%s: behind the path stand a colon, a space, and what is to happen", shortened(text))
		}
		r.Which = strings.TrimSpace(r.Which)
		err = r.parsePath(r.Which)
	default:
		var is bool
		if r.Which, rest, is = strings.Cut(text, ":"); !is {
			return "", fmt.Errorf("%s: it has no colon; a rule is such as %s", shortened(text), example)
		}
		r.Which = strings.TrimSpace(r.Which)
		err = r.parseOperation(r.Which)
	}
	return rest, err
}

// closes returns the end of the expression in parentheses or quotes that text begins with; -1
// if it has none.
func closes(text string) int {
	if text[0] != '(' {
		return quoted(text)
	}
	depth := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i + 1
			}
		case '"', '\'', '`':
			n := quoted(text[i:])
			if n < 0 {
				return -1
			}
			i += n - 1
		}
	}
	return -1
}

// quoted returns the end of the quoted text that s begins with; -1 if it has none.
func quoted(s string) int {
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '\\' && s[0] != '`':
			i++
		case s[i] == s[0]:
			return i + 1
		}
	}
	return -1
}

// parseExpression reads an expression of package filter.
func (r *Rule) parseExpression(expression string) (err error) {
	if r.filter, err = filter.Compile(expression); err != nil {
		return fmt.Errorf("%s: %w", shortened(r.Which), err)
	}
	if late := r.filter.Late(); len(late) > 0 {
		return fmt.Errorf("%s: what becomes of a request is decided by its head, which does not tell %s", shortened(r.Which), strings.Join(late, ", "))
	}
	return nil
}

// parsePath reads a pattern of paths.
func (r *Rule) parsePath(pattern string) error {
	r.path = strings.Split(pattern, "/")
	for _, segment := range r.path {
		if _, err := path.Match(segment, ""); err != nil {
			return fmt.Errorf("%s: not a pattern such as /containers/*/start", shortened(pattern))
		}
	}
	if len(r.path) > 1 && isVersion(r.path[1]) {
		return fmt.Errorf("%s: paths are without version here: /%s", shortened(pattern), strings.Join(r.path[2:], "/"))
	}
	return nil
}

// parseOperation reads the name of an operation.
func (r *Rule) parseOperation(name string) (err error) {
	if strings.Contains(name, "/") {
		return fmt.Errorf("%s: no operation: a path begins with a slash, without a method, and calls of gRPC are never changed", shortened(name))
	}
	noCalls := func() []string { return nil }
	r.filter, err = filter.Operations(noCalls, name)
	return err
}

// word is one of a rule, or a text that was quoted.
type word struct {
	text   string
	quoted bool
}

func (w word) String() string {
	if w.quoted {
		return strconv.Quote(shortened(w.text))
	}
	return shortened(w.text)
}

// split takes what stands behind the colon apart.
func split(s string) (all []word, err error) {
	for {
		if s = strings.TrimSpace(s); s == "" {
			return all, nil
		}
		if s[0] != '"' {
			end := strings.IndexAny(s, " \t\r\n\"")
			if end < 0 {
				end = len(s)
			}
			all, s = append(all, word{text: s[:end]}), s[end:]
			continue
		}
		end := quoted(s)
		if end < 0 {
			return nil, fmt.Errorf("%s: the quote does not end", shortened(s))
		}
		text, err := strconv.Unquote(s[:end])
		if err != nil {
			return nil, fmt.Errorf("%s: not a quoted text", shortened(s[:end]))
		}
		all, s = append(all, word{text, true}), s[end:]
	}
}

// whats is what may stand behind the colon, in words.
const whats = `a status (500 "no space left"), delay 2s, cut after 1kB, reset or stall`

// parseWhat reads what is to happen, and returns the words behind that.
func (r *Rule) parseWhat(all []word) (rest []word, err error) {
	if len(all) == 0 {
		return nil, fmt.Errorf("%s: behind the colon stands %s", shortened(r.Which), whats)
	}
	first, a := all[0], &r.Action
	rest = all[1:]
	if n, err := strconv.Atoi(first.text); err == nil && !first.quoted {
		return a.parseStatus(n, rest)
	}
	switch {
	case first.quoted:
		return nil, fmt.Errorf("%s: in front of a message stands a status, such as 500", first)
	case first.text == words[Delay]:
		a.Kind = Delay
		if a.Delay, err = parseTime(rest); err != nil {
			return nil, err
		}
		return rest[1:], nil
	case first.text == words[Cut]:
		a.Kind = Cut
		if len(rest) < 2 || rest[0].text != "after" {
			return nil, errors.New("cut: after how much? It is such as cut after 1kB")
		}
		if a.After, err = parseSize(rest[1]); err != nil {
			return nil, err
		}
		return rest[2:], nil
	case first.text == words[Reset]:
		a.Kind = Reset
		return rest, nil
	case first.text == words[Stall]:
		a.Kind = Stall
		return rest, nil
	}
	return nil, fmt.Errorf("%s: not %s%s", first, whats, didYouMean(first.text, words[Delay:]))
}

// parseStatus notes the status n, and the message that may stand behind it. It returns the words
// behind both.
func (a *Action) parseStatus(n int, rest []word) ([]word, error) {
	if n < 200 || n > 599 {
		return nil, fmt.Errorf("%d: not a status from 200 to 599", n)
	}
	a.Kind, a.Status = Answer, n
	if len(rest) > 0 && rest[0].quoted {
		a.Message, rest = rest[0].text, rest[1:]
	}
	a.Message = cmp.Or(a.Message, strings.ToLower(http.StatusText(n)), "a fault on purpose")
	return rest, nil
}

// parseTime reads the time of a delay.
func parseTime(rest []word) (time.Duration, error) {
	if len(rest) == 0 {
		return 0, errors.New("delay: for how long? It is such as delay 2s")
	}
	d, err := time.ParseDuration(rest[0].text)
	if err != nil || d <= 0 || rest[0].quoted {
		return 0, fmt.Errorf("delay %s: not a time such as 500ms or 2s", rest[0])
	}
	return d, nil
}

// parseSize reads how much of an answer is left.
func parseSize(w word) (int64, error) {
	n, ok := units.ParseSize(w.text)
	if !ok || w.quoted {
		return 0, fmt.Errorf("cut after %s: not a size such as 100, 1kB or 10M", w)
	}
	return n, nil
}

// maxTimes bounds the numbers of how often.
const maxTimes = 1_000_000_000

// parseOften reads how often a rule is applied.
func (r *Rule) parseOften(all []word) error {
	given := map[string]bool{}
	for len(all) > 0 {
		used, what, err := r.parseOne(all)
		if err != nil {
			return err
		}
		if given[what] {
			return fmt.Errorf("%s: that was said before", all[0])
		}
		given[what] = true
		all = all[used:]
	}
	return nil
}

// parseOne reads one of x2, skip 3 and 30%: how many words it has, and what it is.
func (r *Rule) parseOne(all []word) (used int, what string, err error) {
	w := all[0]
	times, isTimes := strings.CutPrefix(w.text, "x")
	percent, isShare := strings.CutSuffix(w.text, "%")
	switch {
	case w.quoted:
		return 0, "", fmt.Errorf("%s: a message stands behind a status", w)
	case isTimes && isNumber(times):
		r.Times, err = parseCount(w.text, times)
		return 1, "x", err
	case isShare:
		share, err := strconv.ParseFloat(percent, 64)
		if err != nil || !(share > 0 && share <= 100) {
			return 0, "", fmt.Errorf("%s: not a share such as 30%%", w)
		}
		r.Share = share / 100
		return 1, "%", nil
	case w.text != "skip":
	case len(all) == 1:
		return 0, "", errors.New("skip: how many? It is such as skip 3")
	default:
		r.Skip, err = parseCount("skip "+all[1].text, all[1].text)
		return 2, "skip", err
	}
	hint := didYouMean(w.text, []string{"skip"})
	if n := strings.TrimSuffix(strings.ToLower(w.text), "x"); isNumber(n) {
		hint = "; did you mean x" + n + "?"
	}
	return 0, "", fmt.Errorf("%s: not one of x2, skip 3 and 30%%%s; a message is in quotes", w, hint)
}

func isNumber(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// parseCount reads a number from 1.
func parseCount(whole, text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > maxTimes {
		return 0, fmt.Errorf("%s: not a number from 1 to %d", shortened(whole), maxTimes)
	}
	return n, nil
}

// didYouMean returns the end of a message about a word that is none of some: the one that was
// probably meant.
func didYouMean(text string, all []string) string {
	if meant := spelling.Nearest(text, all); meant != "" {
		return "; did you mean " + meant + "?"
	}
	return ""
}

// maxShown is how much of a rule a message has, in bytes.
const maxShown = 80

// shortened returns the beginning of a text, if it is long.
func shortened(s string) string {
	if len(s) <= maxShown {
		return s
	}
	return strings.ToValidUTF8(s[:maxShown], "") + "…"
}
