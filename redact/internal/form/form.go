// Package form knows secrets by how they look: tokens that say what they are,
// private keys, passwords in URLs. It finds them in a text, and through all the
// pieces that a stream comes in.
package form

import "github.com/socktrace/socktrace/redact/internal/chars"

// form is a kind of secret that is known by how it looks. It has a public
// prefix, which stays, and a body, which is masked.
type form struct {
	body *chars.Set
	min  int // a shorter body is none, and an empty one
	// behind are bytes behind which the prefix is none; nil: it is one anywhere.
	behind *chars.Set
	// head is what may stand between the prefix and the body, and ends with
	// a dot; nil if nothing does. It stays too.
	head *chars.Set
	// valid says whether a body that has come whole is one; nil if all are.
	valid func([]byte) bool
	kind  formKind
}

// formKind says how the body of a form ends.
type formKind uint8

const (
	runs   formKind = iota // with the first byte that cannot belong to it
	urls                   // with the last "@" before that
	blocks                 // with five dashes, or the same
	params                 // the same, if it has the name of a secret
)

// The forms. Lengths are well below those of true secrets, and above those of
// words that only begin alike.
var (
	jwt        = &form{head: base64url, body: dotted, min: 6} // RFC 7519
	swarmToken = &form{body: base64url}
	swarmKey   = &form{body: base64any}
	github     = &form{body: chars.Of("aA0", "_"), min: 12}
	dotToken   = &form{body: dotted, min: 8}
	dashToken  = &form{body: base64url, min: 8}
	aws        = &form{body: chars.Of("A0", ""), min: 16, behind: chars.Alnum}
	vault      = &form{body: base64url, min: 16, behind: chars.Alnum}
	basicAuth  = &form{body: base64any, min: 4, behind: chars.Alnum, valid: validBasic}
	bearerAuth = &form{body: token68, min: 6, behind: chars.Alnum, valid: validBearer}
	pemKey     = &form{body: pemText, kind: blocks, valid: validPEM}   // RFC 7468
	userInfo   = &form{body: passChars, kind: urls}                    // RFC 3986, section 3.2.1
	reference  = &form{body: passChars, kind: urls, behind: pathChars} // the same without a scheme (section 4.2)
	parameter  = &form{body: paramChars, kind: params}                 // RFC 3986, section 3.4
)

// prefix is how a form begins.
type prefix struct {
	text string
	form *form
	// at is where in text the three bytes are by which it is found, those that
	// are rarest elsewhere; one byte is found by those beside it.
	at   int
	fold bool // text, which is in lower case, stands for any case
}

var prefixes = []prefix{
	{text: "eyJ", form: jwt},
	{text: "SWMTKN-1-", form: swarmToken},
	{text: "SWMKEY-1-", form: swarmKey},
	{text: "ghp_", form: github}, {text: "gho_", form: github}, {text: "ghu_", form: github},
	{text: "ghs_", form: github}, {text: "ghr_", form: github},
	{text: "github_pat_", form: github, at: 4},
	{text: "glpat-", form: dotToken},
	{text: "xoxa-", form: dashToken}, {text: "xoxb-", form: dashToken}, {text: "xoxe-", form: dashToken},
	{text: "xoxp-", form: dashToken}, {text: "xoxr-", form: dashToken}, {text: "xoxs-", form: dashToken},
	{text: "dckr_pat_", form: dashToken, at: 2},
	{text: "AKIA", form: aws, at: 1}, {text: "ASIA", form: aws, at: 1},
	{text: "sk-ant-", form: dashToken, at: 1}, {text: "sk-proj-", form: dashToken, at: 1},
	{text: "sk_live_", form: dashToken, at: 1}, {text: "rk_live_", form: dashToken, at: 1},
	{text: "hvs.", form: vault},
	{text: "bearer.authorization.k8s.io.", form: dashToken, at: 6}, // a subprotocol of WebSockets
	{text: "basic ", form: basicAuth, at: 3, fold: true},
	{text: "bearer ", form: bearerAuth, fold: true},
	{text: "-----BEGIN ", form: pemKey, at: 4},
	{text: "://", form: userInfo}, {text: "//", form: reference}, // in this order: one ends with the other
	// What a parameter stands behind, also one that HTML quotes.
	{text: "?", form: parameter}, {text: "&", form: parameter}, {text: "#", form: parameter}, {text: ";", form: parameter},
}

// maxPrefix is the size of the longest prefix: the labels of PEM, the users of URLs
// and the names of parameters count.
const maxPrefix = 128
