package explain

import (
	"slices"
	"strings"

	"github.com/socktrace/socktrace/dockerapi"
)

// Find returns the operations that words are about, the best first. It is one if they are
// its name, or one that it had, in any spelling; those that a request asks for, be it a path
// alone or a whole URL; those of a command, of a function of docker-py, or of a group; those
// whose names fit patterns with *; else those that have each word: see facts. Words may be a
// question.
func Find(words ...string) []Found {
	text := unquoted(strings.Join(words, " "))
	if text == "" {
		return plain(texts().entries)
	}
	if list := patterned(text); len(list) > 0 {
		return plain(list)
	}
	said := strings.TrimRightFunc(text, func(r rune) bool { return r == '?' || isAround(r) })
	bare := strings.Join(slices.DeleteFunc(strings.Fields(said), onlyAsks), " ")
	if said == text {
		said, bare = bare, said // it is no question, as far as can be told
	}
	if found := about(bare); found != nil {
		return found
	}
	return about(said)
}

// asking are words of questions that say nothing of what they are about.
var asking = []string{"who", "what", "which", "where", "when", "why", "how", "is", "are", "does", "do", "can", "i", "the", "a", "an"}

// onlyAsks reports whether a word is one of asking.
func onlyAsks(word string) bool { return slices.Contains(asking, strings.ToLower(word)) }

// about returns the operations that text is about, which is no pattern.
func about(text string) []Found {
	if text == "" {
		return nil
	}
	for _, those := range []func(string) []*Entry{named, requested, commanded, called, grouped} {
		if list := those(text); len(list) > 0 {
			return plain(list)
		}
	}
	return search(strings.Fields(text))
}

// plain returns entries of which a list shows why they were found.
func plain(list []*Entry) (found []Found) {
	for _, e := range list {
		found = append(found, Found{Entry: e})
	}
	return found
}

// named returns the operation that has a name, or had it.
func named(text string) []*Entry {
	if e := Of(strings.Trim(text, "/")); e != nil {
		return []*Entry{e}
	}
	letters := lettersOf(text)
	return those(func(e *Entry) bool {
		return lettersOf(e.Name) == letters || slices.ContainsFunc(dockerapi.Named(e.Name).Before(), func(old string) bool { return lettersOf(old) == letters })
	})
}

// lettersOf returns text in lower case, without what words are held apart by.
func lettersOf(text string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -_./", r) {
			return -1
		}
		return r
	}, strings.ToLower(text))
}

// commanded returns the operations that a command asks for, whatever its arguments are.
func commanded(text string) []*Entry {
	words := strings.Fields(strings.ToLower(text))
	if words[0] == "docker-compose" {
		words = append([]string{"docker", "compose"}, words[1:]...)
	}
	for n := min(len(words), 4); n > 1; n-- {
		for _, command := range spellings(words[:n]) {
			if list := those(func(e *Entry) bool { return slices.Contains(e.Commands, command) }); len(list) > 0 {
				return list
			}
		}
	}
	return nil
}

// spellings returns how a command may be written in the texts: some have a long form.
func spellings(words []string) []string {
	all := []string{strings.Join(words, " ")}
	if len(words) != 3 {
		return all
	}
	last := words[2]
	switch last {
	case "list":
		last = "ls"
	case "remove":
		last = "rm"
	}
	all = append(all, strings.Join([]string{words[0], words[1], last}, " "))
	if slices.Contains([]string{"container", "image", "system", "builder"}, words[1]) {
		all = append(all, words[0]+" "+last)
	}
	return all
}

// called returns the operations that a function of docker-py asks for, as it is called.
func called(text string) []*Entry {
	name, _, _ := strings.Cut(text, "(")
	name = strings.TrimSpace(name)
	if of, is := strings.CutPrefix(name, "client."); is && strings.Contains(of, ".") {
		name = of
	} else if is {
		name = "DockerClient." + of
	}
	if !strings.Contains(name, ".") {
		return nil
	}
	return those(func(e *Entry) bool {
		return slices.ContainsFunc(e.Python, func(f string) bool { return strings.EqualFold(f, name) })
	})
}

// grouped returns the operations of a group, or of a service.
func grouped(text string) []*Entry {
	text = strings.Trim(text, "/")
	return those(func(e *Entry) bool {
		return strings.EqualFold(e.Group, text) || e.IsGRPC() && slices.ContainsFunc(strings.Fields(e.Group), func(s string) bool { return strings.EqualFold(s, text) })
	})
}
