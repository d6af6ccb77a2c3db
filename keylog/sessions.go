package keylog

import (
	"container/list"
	"encoding/hex"

	"github.com/socktrace/socktrace/internal/memory"
)

const (
	// maxSecrets bounds how many secrets are kept, and secretCost is what one costs in
	// memory, with its part of a session.
	maxSecrets = 1 << 20
	secretCost = 256
)

// session is the secrets of one handshake.
type session struct {
	random  Random
	secrets []labelled
	used    bool // one of them was asked for
}

// labelled is a secret and what it is for.
type labelled struct {
	label Label
	secret
}

// sessions are those that are kept: the last ones, by when they got a secret or were
// asked for one.
type sessions struct {
	memory memory.Account
	most   int // how many secrets may be kept
	n      int // how many are
	of     map[Random]*list.Element
	order  list.List // of *session; the oldest first
}

func newSessions(m *memory.Budget) sessions {
	return sessions{memory: memory.Of(m), most: maxSecrets, of: make(map[Random]*list.Element)}
}

// get returns the session of r, or nil. It is the newest from here on.
func (s *sessions) get(r Random) *session {
	e := s.of[r]
	if e == nil {
		return nil
	}
	s.order.MoveToBack(e)
	return e.Value.(*session)
}

// put adds a secret, or has it replace the one for the same. It returns the session that
// it is new in, if it is, and whether something was left out: old secrets, or this one.
func (s *sessions) put(k key, value secret) (of *session, left bool) {
	of = s.get(k.random)
	if of != nil {
		for i := range of.secrets {
			if one := &of.secrets[i]; one.label == k.label {
				if one.secret == value {
					return nil, false
				}
				one.secret = value
				return of, false
			}
		}
	}
	left, ok := s.room(of)
	if !ok {
		return nil, true
	}
	if of == nil {
		of = &session{random: k.random}
		s.of[k.random] = s.order.PushBack(of)
	}
	of.secrets = append(of.secrets, labelled{k.label, value})
	return of, left
}

// room has memory for one more secret of a session, which is the newest, or nil. If
// there is none the oldest session makes room; ok says whether there is one.
func (s *sessions) room(of *session) (left, ok bool) {
	if s.n < s.most && s.memory.Take(secretCost) {
		s.n++
		return false, true
	}
	e := s.order.Front()
	if e == nil || e.Value == of {
		return true, false
	}
	old := s.order.Remove(e).(*session)
	delete(s.of, old.random)
	more := len(old.secrets) - 1 // than are needed
	s.n -= more
	s.memory.Give(more * secretCost)
	return true, true
}

// find returns the secret for l.
func (s *session) find(l Label) (found secret, ok bool) {
	for i := range s.secrets {
		if s.secrets[i].label == l {
			return s.secrets[i].secret, true
		}
	}
	return found, false
}

// lines returns the secrets as lines of a log.
func (s *session) lines() (text []byte) {
	for i := range s.secrets {
		text = appendLine(text, key{s.secrets[i].label, s.random}, s.secrets[i].secret)
	}
	return text
}

// appendLine appends the line of one secret.
func appendLine(b []byte, k key, s secret) []byte {
	b = append(append(b, k.label.word()...), ' ')
	b = append(hex.AppendEncode(b, k.random[:]), ' ')
	return append(hex.AppendEncode(b, s.bytes[:s.n]), '\n')
}
