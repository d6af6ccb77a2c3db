package main

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/filter"
	"github.com/socktrace/socktrace/internal/memory"
	"github.com/socktrace/socktrace/internal/plural"
	"github.com/socktrace/socktrace/protobuf"
	"github.com/socktrace/socktrace/render"
	"github.com/socktrace/socktrace/wire"
)

// filterOptions are what the flags say of which exchanges are shown: those that all
// of them name.
type filterOptions struct {
	expression string
	errors     bool
	slower     time.Duration
	operations []string
	container  string
	grep       string
	given      func(flag string) bool
	made       *filter.Filter // of all; nil: every exchange is shown
}

// filterFlags adds the flags that say which exchanges are shown.
func (o *options) filterFlags(cmd *cobra.Command) {
	f, fo := cmd.Flags(), &o.filter
	f.StringVar(&fo.expression, "filter", "", "only the exchanges for which `EXPR` holds, such as 'status >= 400 and method == \"POST\"'")
	f.BoolVar(&fo.errors, "errors", false, "only the exchanges that failed")
	f.DurationVar(&fo.slower, "slower", 0, "only the exchanges that take longer than `TIME`, such as 500ms, and do not just wait for something")
	f.StringSliceVar(&fo.operations, "op", nil, "only the operations that `NAMES` fit, such as 'Container*,ImageCreate', or Control/Solve of gRPC")
	f.StringVar(&fo.container, "container", "", "only what touches the container, by its `NAME` or the beginning of its id")
	f.StringVar(&fo.grep, "grep", "", "only the exchanges with `TEXT` in target, headers, bodies or streams, as they are shown")
	fo.given = f.Changed
	_ = cmd.RegisterFlagCompletionFunc("op", func(_ *cobra.Command, _ []string, begun string) ([]string, cobra.ShellCompDirective) {
		return operationsLike(begun), cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	})
}

// operationsLike returns what a list of operations may be, of which the last is begun.
func operationsLike(begun string) (all []string) {
	i := strings.LastIndexByte(begun, ',') + 1
	for _, name := range dockerapi.Names() {
		if strings.HasPrefix(name, begun[i:]) {
			all = append(all, begun[:i]+name)
		}
	}
	return all
}

// checkFilter makes the filter that the flags name.
func (o *options) checkFilter() (err error) {
	fo := &o.filter
	if fo.given == nil {
		return nil
	}
	var parts []*filter.Filter
	for _, one := range []struct {
		flag string
		make func() (*filter.Filter, error)
	}{
		{"filter", func() (*filter.Filter, error) { return filter.Compile(fo.expression) }},
		{"errors", func() (*filter.Filter, error) { return fo.failed(), nil }},
		{"op", fo.asked},
		{"container", func() (*filter.Filter, error) { return nonempty(strings.TrimLeft(fo.container, "/"), filter.Container) }},
		{"grep", func() (*filter.Filter, error) { return nonempty(fo.grep, filter.Grep) }},
		{"slower", fo.slow}, // the last: it counts what all others show
	} {
		if !fo.given(one.flag) {
			continue
		}
		f, err := one.make()
		if err != nil {
			return fmt.Errorf("--%s: %w", one.flag, err)
		}
		parts = append(parts, f)
	}
	if fo.made = filter.All(parts...); fo.made != nil {
		fo.made = fo.made.WithBodies(int64(o.maxBody))
	}
	return nil
}

// failed returns the filter of --errors; nil for --errors=false.
func (fo *filterOptions) failed() *filter.Filter {
	if !fo.errors {
		return nil
	}
	return filter.Errors()
}

func (fo *filterOptions) slow() (*filter.Filter, error) {
	if fo.slower < 0 {
		return nil, fmt.Errorf("%s: a time is not negative", fo.slower)
	}
	return filter.Slower(fo.slower), nil
}

// asked returns the filter of --op. With descriptors of one's own, which are not read
// yet, there are methods that nobody knows.
func (fo *filterOptions) asked() (*filter.Filter, error) {
	calls := func() []string { return protobuf.Embedded().Methods() }
	if fo.given("proto") {
		calls = nil
	}
	if len(fo.operations) == 0 {
		return nil, errors.New("no name of an operation")
	}
	return filter.Operations(calls, fo.operations...)
}

// nonempty returns the filter of a text, which must not be empty: all would fit.
func nonempty(text string, f func(string) *filter.Filter) (*filter.Filter, error) {
	if text == "" {
		return nil, errors.New("an empty text")
	}
	return f(text), nil
}

// within has the filter share the memory of the trace; unhurried says that its source
// waits.
func (fo *filterOptions) within(m *memory.Budget, unhurried bool) {
	if fo.made != nil {
		fo.made = fo.made.Within(m, unhurried)
	}
}

// waited says how many exchanges --slower has left out because they only waited, and
// how to see them; nil if there are none.
func (fo *filterOptions) waited() error {
	if fo.made == nil || fo.made.Waited() == 0 {
		return nil
	}
	return fmt.Errorf(`%d that only waited left out (--filter 'duration > "%s"' shows %s)`, fo.made.Waited(), fo.slower, plural.Verb(fo.made.Waited(), "it", "them"))
}

// wire returns the filter for the book.
func (fo *filterOptions) wire() wire.Filter {
	if fo.made == nil {
		return nil // and not a Filter that is nil
	}
	return fo.made
}

// maxExcerpt is how many characters are shown of an expression before what is wrong
// in it, and behind.
const maxExcerpt = 60

// excerpt returns the line of an expression that an error is about, and one that
// points at the place; none if it is about no place.
func excerpt(err error) []string {
	var wrong *filter.Error
	if !errors.As(err, &wrong) || wrong.Line == "" {
		return nil
	}
	line := []rune(wrong.Line)
	at := min(max(wrong.Column, 0), len(line))
	before, after := string(line[max(at-maxExcerpt, 0):at]), string(line[at:min(at+maxExcerpt, len(line))])
	before, after = render.Escaped(before), render.Escaped(after)
	return []string{"  " + before + after, "  " + strings.Repeat(" ", utf8.RuneCountInString(before)) + "^"}
}
