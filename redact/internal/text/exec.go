package text

import "github.com/socktrace/socktrace/redact/internal/mask"

// execForm adds the secrets among the words of a command line that are strings of a
// list, as in what a Dockerfile calls the exec form, and returns where it ends. The list
// begins at text[i:], behind its bracket.
//
//	CMD ["mysql", "--password", "…"]
//
// What each word says by itself is found as in other text.
func (r *Rules) execForm(found mask.Spans, text []byte, i int, label string) (mask.Spans, int) {
	var c Command
	for {
		i = behindBlanks(text, i)
		if i == len(text) || text[i] != '"' {
			return found, i
		}
		size := quotedSize(text[i:])
		if size == 0 {
			return found, i
		}
		from, to := i+1, i+size-1
		if at, m := c.Next(r.Given, text[from:min(to, from+maxWord)]); m != 0 && !m.Excuses(text[from+at:to]) {
			found = found.Whole(r.Marks, text, from+at, to, label)
		}
		if i = behindBlanks(text, i+size); i == len(text) || text[i] != ',' {
			return found, i
		}
		i++
	}
}

// maxWord is how much of a word is looked at to tell what it is.
const maxWord = 128
