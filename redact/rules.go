package redact

import (
	"encoding/base64"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/redact/internal/jsonmask"
	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/redact/internal/name"
	"github.com/socktrace/socktrace/redact/internal/query"
	"github.com/socktrace/socktrace/redact/internal/text"
	"github.com/socktrace/socktrace/wire"
)

// rules are what secrets are found and masked by. They are never changed.
type rules struct {
	text.Rules
	quotes jsonmask.Quotes // of other exchanges, in calls of authorization plugins
}

// newRules returns rules with further names, and marks made with key.
func newRules(key []byte, names []string) *rules {
	r := &rules{Rules: text.NewRules(name.NewGiven(names), mask.NewMarks(key))}
	r.quotes = jsonmask.Quotes{Target: r.quotedTarget, Body: r.quotedBody}
	return r
}

// where returns what decides what is secret in JSON that travels in direction
// dir. What nobody asked for, as far as is known, may be a secret or a config.
func (r *rules) where(asked bool, known dockerapi.Traits, dir wire.Dir) jsonmask.Where {
	in := jsonmask.Where{
		Login: known&dockerapi.Login != 0,
		Data:  known&dockerapi.Data != 0,
		Maybe: !asked,
		Pairs: known&dockerapi.Pairs != 0 && dir == wire.ToServer,
	}
	if known&dockerapi.Authz != 0 {
		in.Quotes = &r.quotes
	}
	return in
}

// quotedTarget adds the secrets in the target of another request.
func (r *rules) quotedTarget(found mask.Spans, s []byte, ended bool) mask.Spans {
	return query.Target(&r.Rules, found, s, false, ended, "")
}

// quotedBody takes the body of another request, in base64. If it is JSON, it
// is masked as such, otherwise all of it is.
func (r *rules) quotedBody(found mask.Spans, s []byte, ended bool) mask.Spans {
	body, err := base64.StdEncoding.DecodeString(string(s))
	if err != nil || !ended || !jsonmask.Begins(body) {
		return found.Either(r.Marks, s, 0, len(s), ended, "")
	}
	masked, names, ok := jsonmask.MaskValid(&r.Rules, body, "", jsonmask.Where{Data: true})
	if !ok {
		return found.Either(r.Marks, s, 0, len(s), ended, "")
	}
	for _, name := range names {
		found = append(found, mask.Span{To: len(s), With: base64.StdEncoding.EncodeToString(masked), Name: name})
	}
	return found
}
