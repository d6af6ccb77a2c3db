package text

import (
	"bytes"

	"github.com/socktrace/socktrace/redact/internal/chars"
	"github.com/socktrace/socktrace/redact/internal/name"
	"github.com/socktrace/socktrace/redact/internal/words"
)

// Command follows the words of a command line, some of which say that the next one
// is a secret. Its zero value is ready for the first.
type Command struct {
	program program // that was named last
	next    next    // what the next word is
	says    words.Meaning
}

// next says what a word is because of the one before.
type next uint8

const (
	anything next = iota
	secretly      // a secret
	login         // a user and a password, with a colon between
)

// program says which letters of a program are options with passwords.
type program uint8

const (
	noProgram program = iota
	glued             // -pSECRET, but not -p SECRET
	spaced            // both
	registry          // both, behind "login"
	archiver          // -pSECRET and -P SECRET
	directory         // -w SECRET
	cache             // -a SECRET
	transfer          // -u USER:SECRET, whatever the password is
)

// programs are those that are known, by name.
var programs = func() map[string]program {
	all := make(map[string]program)
	for p, names := range map[program][]string{
		glued:     {"mysql", "mysqldump", "mysqladmin", "mysqlimport", "mysqlshow", "mysqlcheck", "mysqlbinlog", "mysqlpump", "mariadb", "mariadb-dump", "mariadb-admin"},
		spaced:    {"sshpass", "mongo", "mongosh", "mongodump", "mongorestore", "mongoimport", "mongoexport"},
		registry:  {"docker", "podman", "nerdctl", "buildah", "skopeo", "helm", "oras", "crane", "regctl", "az"},
		archiver:  {"zip", "unzip", "7z", "7za", "7zz"},
		directory: {"ldapsearch", "ldapadd", "ldapmodify", "ldapdelete", "ldapwhoami", "ldappasswd"},
		cache:     {"redis-cli", "redis-benchmark", "valkey-cli"},
		noProgram: {"ssh", "scp", "sftp", "rsync"}, // what sshpass runs
		transfer:  {"curl", "wget", "http", "https", "xh"},
	} {
		for _, name := range names {
			all[name] = p
		}
	}
	return all
}()

// startsProgram has a bit for the first two letters of each program's name.
var startsProgram = func() (t [1 << 16 / 64]uint64) {
	for name := range programs {
		two := uint16(name[0])<<8 | uint16(name[1])
		t[two/64] |= 1 << (two % 64)
	}
	return t
}()

// programOf returns the program that a word names; false if it is none that is known.
func programOf(w []byte) (program, bool) {
	w = w[bytes.LastIndexByte(w, '/')+1:]
	if len(w) < 2 {
		return noProgram, false
	}
	if two := uint16(w[0])<<8 | uint16(w[1]); startsProgram[two/64]>>(two%64)&1 == 0 {
		return noProgram, false
	}
	p, ok := programs[string(w)]
	return p, ok
}

// Next takes the next word, and returns where in it a secret begins, and what is
// known of that; a secret by its own name ("TOKEN=…", "--token=…") is none of these.
func (c *Command) Next(given name.Given, w []byte) (from int, m words.Meaning) {
	is, says := c.next, c.says
	c.next = anything
	switch isFlag := len(w) > 1 && w[0] == '-'; {
	case isFlag:
		return c.flag(given, w)
	case is == secretly:
		return 0, says
	case is == login:
		return c.password(w, 0)
	case chars.HasPrefixAt(w, 0, "pass:"): // of openssl
		return len("pass:"), words.Secret | words.Strict
	case c.program == registry && string(w) == "login":
		c.program = spaced
	default:
		if p, ok := programOf(w); ok {
			c.program = p
		}
	}
	return 0, 0
}

// flag takes an option.
func (c *Command) flag(given name.Given, w []byte) (from int, m words.Meaning) {
	called, _, valued := bytes.Cut(bytes.TrimLeft(w, "-"), []byte("="))
	long := w[1] == '-'
	switch {
	case len(called) == 0:
	case long && (string(called) == "user" || string(called) == "proxy-user"):
		if valued {
			return c.password(w, len("--=")+len(called))
		}
		c.next = login
	case valued:
	case !long && (w[1] == 'u' || w[1] == 'U'):
		if len(w) > 2 {
			return c.password(w, 2)
		}
		c.next = login
	case !long && c.isPassword(w[1]):
		if len(w) > 2 {
			return 2, words.Secret | words.Strict
		}
		c.behind(words.Secret | words.Strict)
	case !long && w[1] == 'p' && c.isGlued(w[2:]):
		return 2, words.Secret | words.Strict
	default:
		if m := given.OfFlag(called); m != 0 {
			c.behind(m)
		}
	}
	return 0, 0
}

// behind notes that the next word is a secret.
func (c *Command) behind(m words.Meaning) { c.next, c.says = secretly, m }

// isPassword says whether the option with this letter has a password behind it.
func (c *Command) isPassword(letter byte) bool {
	switch c.program {
	case spaced:
		return letter == 'p'
	case archiver:
		return letter == 'P'
	case directory:
		return letter == 'w'
	case cache:
		return letter == 'a'
	}
	return false
}

// isGlued says whether value, behind "-p", is a password: of some programs it always
// is; of others it may be a port, a path, or the rest of a word.
func (c *Command) isGlued(value []byte) bool {
	if len(value) == 0 || c.program == glued || c.program == archiver {
		return len(value) > 0
	}
	value = unquoted(value)
	return len(value) > 3 && value[0] != '/' && portChars.Run(value) < len(value) &&
		lowerChars.Run(value) < len(value) && string(value) != "rint0"
}

var (
	portChars  = chars.Of("0", ".:-/,=[]")
	lowerChars = chars.Of("a", "-:/.,=_")
)

// password returns where the password behind the user at w[i:] is. Numbers are groups,
// and so is what goes by the name of the user, but where that is known to be one.
func (c *Command) password(w []byte, i int) (from int, m words.Meaning) {
	user, password, ok := bytes.Cut(w[i:], []byte(":"))
	if !ok || len(user) == 0 && c.program != transfer || len(password) == 0 || chars.HasPrefixAt(password, 0, "//") {
		return 0, 0
	}
	from = len(w) - len(password)
	user, password = unquoted(user), unquoted(password)
	if c.program != transfer && (portChars.Run(password) == len(password) || bytes.Equal(user, password)) {
		return 0, 0
	}
	return from, words.Secret | words.Strict
}
