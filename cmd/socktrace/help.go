package main

import (
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"github.com/socktrace/socktrace/docs"
)

// newHelp returns the command that has more to say of a command, or prints a page.
func newHelp(s std) *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND | PAGE]",
		Short: "Say more of a command, or print a page of the documentation",
		Example: `  socktrace help run
  socktrace help jsonl | less`,
		DisableFlagsInUseLine: true,
		ValidArgsFunction: func(cmd *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return helpTopics(cmd.Root()), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return help(cmd.Root(), s.out, args, helpWidth(s))
		},
	}
}

// help writes what there is to say of args: a page as it is read in a width.
func help(root *cobra.Command, out io.Writer, args []string, width int) error {
	if cmd, rest, err := root.Find(args); err == nil && len(rest) == 0 {
		cmd.InitDefaultHelpFlag() // as the command itself has it when it runs
		return cmd.Help()
	}
	pages, err := docs.Pages()
	if err != nil {
		return &failure{code: exitFailed, err: err}
	}
	for _, p := range pages {
		if len(args) == 1 && p.Name == args[0] {
			_, err := io.WriteString(out, docs.Plain(pageText(p.Text), width))
			return err
		}
	}
	var words []string
	for _, topic := range helpTopics(root) {
		name, _, _ := strings.Cut(topic, "\t")
		words = append(words, name)
	}
	name := strings.Join(args, " ")
	return &failure{code: exitUsage, err: fmt.Errorf("help: no command and no page %q%s", shortened(name), didYouMean(name, words)),
		hint: "there are " + strings.Join(words, ", ")}
}

// helpTopics returns the commands and the pages, and what each is about.
func helpTopics(root *cobra.Command) (topics []cobra.Completion) {
	for _, c := range root.Commands() {
		if c.IsAvailableCommand() {
			topics = append(topics, cobra.CompletionWithDesc(c.Name(), c.Short))
		}
	}
	pages, _ := docs.Pages() // there is always what was built in
	for _, p := range pages {
		topics = append(topics, cobra.CompletionWithDesc(p.Name, p.Title))
	}
	return topics
}

// pageLink is a link from one page to another.
var pageLink = regexp.MustCompile(`\[([^\]\n]*)\]\(([\w-]+)\.md(?:#[^)\n]*)?\)`)

// pageText returns a page as it is printed: links to others say how to print those.
func pageText(markdown string) string {
	return pageLink.ReplaceAllStringFunc(markdown, func(link string) string {
		m := pageLink.FindStringSubmatch(link)
		says, name := m[1], m[2]
		if says == name+".md" {
			return "socktrace help " + name
		}
		return says + " (socktrace help " + name + ")"
	})
}
