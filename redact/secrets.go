package redact

import (
	"encoding/base64"

	"github.com/socktrace/socktrace/redact/internal/jsonmask"
	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/redact/internal/name"
	"github.com/socktrace/socktrace/redact/internal/query"
	"github.com/socktrace/socktrace/redact/internal/text"
	"github.com/socktrace/socktrace/wire"
)

// secrets is what secrets are found and masked by. It is never changed.
type secrets struct {
	text.Rules
	quotes jsonmask.Quotes // of other exchanges, in calls of authorization plugins
}

// newSecrets returns secrets with further names, and marks made with key.
func newSecrets(key []byte, names []string) *secrets {
	k := &secrets{Rules: text.Rules{Given: name.NewGiven(names), Marks: mask.NewMarks(key)}}
	k.quotes = jsonmask.Quotes{Target: k.quotedTarget, Body: k.quotedBody}
	return k
}

// where returns what decides what is secret in JSON that travels in direction
// dir.
func (k *secrets) where(known traits, dir wire.Dir) jsonmask.Where {
	in := jsonmask.Where{Login: known&traitLogin != 0, Data: known&traitData != 0, Pairs: known&traitPairs != 0 && dir == wire.ToServer}
	if known&traitAuthz != 0 {
		in.Quotes = &k.quotes
	}
	return in
}

// quotedTarget adds the secrets in the target of another request.
func (k *secrets) quotedTarget(found mask.Spans, s []byte, ended bool) mask.Spans {
	return query.Target(&k.Rules, found, s, false, ended, "")
}

// quotedBody takes the body of another request, in base64. If it is JSON, it
// is masked as such, otherwise all of it is.
func (k *secrets) quotedBody(found mask.Spans, s []byte, ended bool) mask.Spans {
	body, err := base64.StdEncoding.DecodeString(string(s))
	if err != nil || !ended || !jsonmask.Begins(body) {
		return found.Either(k.Marks, s, 0, len(s), ended, "")
	}
	var w jsonmask.Walker
	w.Start(&k.Rules, "", jsonmask.Where{Data: true})
	masked, names := w.Next(body, true)
	if w.Broken() {
		return found.Either(k.Marks, s, 0, len(s), ended, "")
	}
	for _, name := range names {
		found = append(found, mask.Span{To: len(s), With: base64.StdEncoding.EncodeToString(masked), Name: name})
	}
	return found
}
