package equivalent

import (
	"strconv"
	"strings"
)

// golang is a call of the client for Go that is put together.
type golang struct {
	secrets *secrets
	made    *thing // nil if the request has made none
	call    Call
}

// note adds a sentence.
func (g *golang) note(sentence string) { g.call.note(sentence) }

// goString returns text of the traffic as a string, with variables of the environment in
// the place of secrets.
func (g *golang) goString(text, otherwise string) string {
	var all []string
	for _, p := range g.secrets.cut(text, otherwise) {
		switch {
		case p.made != nil:
			all = append(all, p.variable)
		case p.variable != "":
			all = append(all, `os.Getenv("`+p.variable+`")`)
		default:
			all = append(all, strconv.Quote(p.text))
		}
	}
	return strings.Join(all, " + ")
}
