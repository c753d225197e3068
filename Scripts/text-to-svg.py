#!/usr/bin/env python3
"""Draws terminal text from standard input as an SVG picture: tmux capture-pane -p | text-to-svg.py TITLE > Docs/run.svg"""
import html
import sys

lines = [line.rstrip() for line in sys.stdin.read().rstrip("\n").split("\n")]
title = sys.argv[1] if len(sys.argv) > 1 else ""
width = max([len(line) for line in lines] + [len(title) + 8]) * 8.43 + 40
height = len(lines) * 19 + 62
print(f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height}" role="img" '
      f'aria-label="{html.escape(title, quote=True)}">')
print(f'<rect width="{width:.0f}" height="{height}" rx="8" fill="#16191d"/>')
for index, colour in enumerate(("#ff5f57", "#febc2e", "#28c840")):
    print(f'<circle cx="{20 + index * 18}" cy="19" r="6" fill="{colour}"/>')
style = 'font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="14" xml:space="preserve"'
print(f'<text x="80" y="24" {style} fill="#8b949e">{html.escape(title)}</text>')
for index, line in enumerate(lines):
    print(f'<text x="20" y="{58 + index * 19}" {style} fill="#d7dde4">{html.escape(line)}</text>')
print("</svg>")
