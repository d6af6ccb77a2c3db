package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/socktrace/socktrace/internal/spelling"
)

// maxWord is how long words are, in bytes, that something may be near to, and that messages
// have whole: no name is longer.
const maxWord = 128

// near returns the word that was probably meant by one that is none of them: the
// only one that begins with it, or the one that is the fewest slips away, if those
// are few for its length. Empty: none is near.
func near(word string, words []string) string {
	if word == "" || len(word) > maxWord {
		return ""
	}
	var begins []string
	best, least := "", len(word)
	for _, w := range words {
		if w == "" {
			continue
		}
		if strings.HasPrefix(w, word) {
			begins = append(begins, w)
		}
		if n := spelling.Distance(strings.ToLower(word), w); n < least && n <= max(len(word), len(w))/3 {
			best, least = w, n
		}
	}
	if len(begins) == 1 {
		return begins[0]
	}
	return best
}

// shortened returns text that somebody has typed as messages have it: the beginning, if it is
// long.
func shortened(text string) string {
	if len(text) <= maxWord {
		return text
	}
	end := maxWord
	for end > maxWord-utf8.UTFMax && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + "…"
}

// didYouMean returns the end of a message about a word that is none of some: what
// was probably meant.
func didYouMean(word string, words []string) string {
	if meant := near(word, words); meant != "" {
		return "; did you mean " + meant + "?"
	}
	return ""
}

// notOneOf returns the error of a flag whose value is none of some words.
func notOneOf(flag, value string, words []string) error {
	return fmt.Errorf("--%s %q: not one of %s%s", flag, shortened(value), strings.Join(words, ", "), didYouMean(value, words))
}

// flagFailure returns the failure of a command whose flags are wrong; see says where
// it is said which there are. Of a value that is wrong all is said with that.
func flagFailure(code int, cmd *cobra.Command, err error, see string) *failure {
	var wrong *pflag.InvalidValueError
	if errors.As(err, &wrong) {
		return &failure{code: code, err: fmt.Errorf("--%s %q: %w", wrong.GetFlag().Name, wrong.GetValue(), whyWrong(wrong))}
	}
	return &failure{code: code, err: err, hint: flagHint(cmd, err) + see}
}

// whyWrong says what is wrong with a value: in our words, if those who read it are
// not ours.
func whyWrong(wrong *pflag.InvalidValueError) error {
	switch wrong.GetFlag().Value.Type() {
	case "duration":
		return errors.New("not a time such as 500ms or 2s")
	case "bool":
		return errors.New("not one of true, false")
	case "intSlice":
		return errors.New("not the number of a process")
	case "uint16":
		return errors.New("not a port such as 2375")
	}
	return wrong.Unwrap()
}

// flagHint says what was probably meant by a flag that a command does not have.
func flagHint(cmd *cobra.Command, err error) string {
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) {
		return ""
	}
	if slices.ContainsFunc(cmd.Commands(), func(sub *cobra.Command) bool { return hasFlag(sub, unknown.GetSpecifiedName()) }) {
		return "flags go behind the command; "
	}
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	if word := cmp.Or(unknown.GetSpecifiedShortnames(), unknown.GetSpecifiedName()); len(word) > 1 {
		if meant := near(word, names); meant != "" {
			return "did you mean --" + meant + "? "
		}
	}
	return ""
}

// hasFlag reports whether a command has a flag of that name, or of that letter.
func hasFlag(cmd *cobra.Command, name string) bool {
	return cmd.Flags().Lookup(name) != nil || len(name) == 1 && cmd.Flags().ShorthandLookup(name) != nil
}

// commandHint says what was probably meant by args, the first of which is no
// command of ours: one that is spelled much the same, another program to be
// traced, or a recording to be read.
func commandHint(root *cobra.Command, args []string) string {
	var names []string
	for _, c := range root.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, c.Name())
		}
	}
	if meant := near(args[0], names); meant != "" {
		return "did you mean socktrace " + meant + "?"
	}
	if info, err := os.Stat(args[0]); err == nil && info.Mode().IsRegular() && info.Mode().Perm()&0o111 == 0 {
		return "did you mean socktrace read " + shellWords(args) + "?"
	}
	if _, err := exec.LookPath(args[0]); err == nil {
		return "did you mean socktrace run -- " + shellWords(args) + "?"
	}
	return "see socktrace --help"
}

// shellWords returns args as a shell reads them.
func shellWords(args []string) string {
	var quoted []string
	for _, a := range args {
		if a == "" || strings.ContainsAny(a, " \t\n\"'`\\$&|;<>()*?[]#~!{}") {
			a = "'" + strings.ReplaceAll(a, "'", `'\''`) + "'"
		}
		quoted = append(quoted, a)
	}
	return strings.Join(quoted, " ")
}
