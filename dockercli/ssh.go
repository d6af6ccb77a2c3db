package dockercli

import (
	"net/url"
	"strings"

	"github.com/socktrace/socktrace/intercept"
)

// sshCommand returns the command that the docker CLI starts to reach a daemon on
// another machine: "docker system dial-stdio" there, through ssh.
func sshCommand(a intercept.Addr) ([]string, error) {
	u, err := url.Parse(a.String())
	if err != nil {
		return nil, err
	}
	args := []string{"ssh", "-T"}
	if port := u.Port(); port != "" {
		args = append(args, "-p", port)
	}
	if user := u.User.Username(); user != "" {
		args = append(args, "-l", user)
	}
	args = append(args, "-o", "ConnectTimeout=30", "--", u.Hostname(), "docker")
	if u.Path != "" {
		args = append(args, shellQuote("--host=unix://"+u.Path))
	}
	return append(args, "system", "dial-stdio"), nil
}

// shellQuote quotes s for the shell of the other machine, if it has to.
func shellQuote(s string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./:=@+,%", r)
	}
	if strings.TrimFunc(s, plain) == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
