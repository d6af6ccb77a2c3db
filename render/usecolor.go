package render

import (
	"fmt"
	"strings"
)

// UseColor decides whether an output is coloured. when is the user's choice:
// "always", "never" or "auto", which looks at the environment (as
// bixense.com/clicolors and no-color.org have it) and then at isTerminal,
// whether that very output is a terminal. The first that speaks decides:
//
//	NO_COLOR          not empty: no
//	CLICOLOR_FORCE,
//	FORCE_COLOR       not empty, "0" or "false": yes
//	TERM              dumb: no
//	CLICOLOR          0: no
func UseColor(when string, getenv func(string) string, isTerminal bool) (bool, error) {
	switch when {
	case "always":
		return true, nil
	case "never":
		return false, nil
	case "auto":
	default:
		return false, fmt.Errorf("color %q: want auto, always or never", when)
	}
	forced := func(name string) bool {
		v := getenv(name)
		return v != "" && v != "0" && v != "false"
	}
	switch {
	case getenv("NO_COLOR") != "":
		return false, nil
	case forced("CLICOLOR_FORCE"), forced("FORCE_COLOR"):
		return true, nil
	case getenv("TERM") == "dumb", getenv("CLICOLOR") == "0":
		return false, nil
	}
	return isTerminal, nil
}

// UTF8 says whether the locale of the environment is one in UTF-8 (POSIX, "Base
// Definitions", section 8.2: the first of LC_ALL, LC_CTYPE and LANG that is set
// decides). Without any, it is taken for one unless the terminal is the simplest.
func UTF8(getenv func(string) string) bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v := getenv(name); v != "" {
			v = strings.ToLower(v)
			return strings.Contains(v, "utf-8") || strings.Contains(v, "utf8")
		}
	}
	return getenv("TERM") != "dumb"
}
