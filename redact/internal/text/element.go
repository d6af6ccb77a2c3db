package text

import (
	"strings"

	"github.com/socktrace/socktrace/redact/internal/words"
)

// held is what elements of XML hold that is a secret by what stands before them: by the
// text of an element, as in <key>password</key><string>…</string>, by an attribute of the
// element around them, or since the text of that is a secret that goes on in them.
type held struct {
	last   string // the element whose text may stand here, in lower case
	secret string // the name of the secret; empty if there is none
	named  bool   // elements hold it that are called like values
	depth  int    // elements that are open, with the one around them
	all    int    // from this depth on every element holds it; 0: none
}

// maxHeld is how deep a value is in elements that a name stands before.
const maxHeld = 8

// begin has the secret with this name held by values that follow.
func (h *held) begin(called string) { *h = held{last: h.last, secret: called, named: true, depth: 1} }

// goOn has the elements that follow go on with the text of the secret with this name.
func (h *held) goOn(called string) {
	if h.secret == "" {
		h.begin(called)
		h.named = false
	}
	h.all = h.depth
}

// enter goes into an element.
func (h *held) enter(called string) {
	h.last = strings.ToLower(called)
	if h.depth++; h.depth > maxHeld {
		h.secret = ""
	}
}

// leave goes out of an element whose text ends in what may be a name.
func (h *held) leave(r *Rules, text string) {
	h.depth--
	if h.all > h.depth {
		h.all = 0
	}
	if h.depth < 1 || h.all == 0 && !h.named {
		h.secret = ""
	}
	if h.all == 0 && (strings.HasSuffix(h.last, "key") || strings.HasSuffix(h.last, "name")) {
		if h.secret = ""; isStrong(r.Given.Of([]byte(text))) {
			h.begin(text)
		}
	}
	h.last = ""
}

// goesOn says whether the text that follows is of the secret, whatever it is in.
func (h *held) goesOn() bool { return h.secret != "" && h.all > 0 }

// holds says whether the text of the element that was entered is of the secret.
func (h *held) holds() bool {
	return h.goesOn() || h.secret != "" && (strings.HasSuffix(h.last, "value") || valueElements[h.last])
}

// valueElements hold what a name before them says, as those whose names end in "value".
var valueElements = map[string]bool{"string": true, "data": true, "integer": true, "int": true, "val": true, "content": true}

// leading are elements whose names are for others than people, who read what stands
// in them, or behind them.
var leading = map[string]bool{"a": true, "input": true, "select": true, "form": true, "button": true, "fieldset": true, "iframe": true, "slot": true}

// isStrong says whether a name is that of a secret in XML, where many things are keys
// and codes.
func isStrong(m words.Meaning) bool { return m != 0 && m&(words.Weak|words.Code) == 0 }
