package words

import (
	"bytes"

	"github.com/socktrace/socktrace/redact/internal/chars"
)

// meaning returns what the name says: each of its words may tell of a secret, but
// the last one may make it something that only belongs to one.
func (s *split) meaning(name []byte) Meaning {
	var m Meaning
	for i := range s.n {
		m |= s.told(i)
	}
	if m == 0 {
		return 0
	}
	if m&Strict != 0 && s.asks() {
		m |= Asks
	}
	switch {
	case s.is(0, "pwd") && len(s.word(0)) == len(name), s.is(0, "oldpwd"):
		return m | Dir // the working directory, too
	case s.isIdentifier(name), kinds[string(s.word(s.n-1))]&describing == 0:
		return m
	}
	return 0
}

// asks says whether the name is a question.
func (s *split) asks() bool {
	for i := range s.n {
		if asking[string(s.word(i))] {
			return true
		}
	}
	return false
}

// isIdentifier says whether the name is that of an identifier which is a secret
// itself: of a session, and of a role in Vault, but not "SecretID", which is how
// Docker names one of its secrets.
func (s *split) isIdentifier(name []byte) bool {
	return s.is(0, "id") && (s.is(1, "session") || s.is(1, "secret") && !bytes.HasSuffix(name, []byte("SecretID")))
}

// told returns what the ith word says, where it stands.
func (s *split) told(i int) Meaning {
	w := s.word(i)
	var before, behind kind
	if i > 0 {
		before = kinds[string(s.word(i-1))]
	}
	if i+1 < s.n {
		behind = kinds[string(s.word(i+1))]
	}
	switch string(w) {
	case "key", "keys":
		switch {
		case before&opening != 0:
			return 0
		case i == 0 && behind&containing == 0:
			return Secret | Deep | Weak
		}
		return Secret | Deep
	case "code", "codes":
		if s.n == 1 || before&coding != 0 && (i == s.n-1 || behind&containing != 0) {
			return Secret | Code
		}
		return 0
	case "id", "string", "str", "data", "response", "verifier":
		if i > 0 {
			return pairs[string(s.word(i-1))+" "+string(w)]
		}
		return 0
	}
	if m := meant[string(w)]; m != 0 {
		return m
	}
	return joined(w)
}

// joined returns what a word says that is several without borders, such as
// "dbpassword" and "sshkey".
func joined(w []byte) Meaning {
	if others[string(w)] {
		return 0
	}
	for _, s := range stems {
		if i := bytes.Index(w, []byte(s.text)); i >= 0 {
			if kinds[string(w[i+len(s.text):])]&describing != 0 {
				return 0
			}
			return s.m
		}
	}
	for _, t := range tails {
		if at := len(w) - len(t.text); at > 0 && chars.HasPrefixAt(w, at, t.text) && kinds[string(w[:at])]&opening == 0 {
			return t.m
		}
	}
	return 0
}
