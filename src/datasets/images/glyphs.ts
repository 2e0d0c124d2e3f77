/** Strokes of the ten digits, in a square from 0 to 1, y downwards; several ways of writing where people differ. */

/** Points that are joined by straight lines. */
type Stroke = readonly (readonly [x: number, y: number])[]
export type Glyph = readonly Stroke[]

/** An arc of an ellipse, angles in turns from the right, clockwise as y goes down. */
function arc(x: number, y: number, rx: number, ry: number, from: number, to: number): Stroke {
  const steps = Math.max(2, Math.ceil(16 * Math.abs(to - from)))
  return Array.from({ length: steps + 1 }, (_, i): readonly [number, number] => {
    const angle = 2 * Math.PI * (from + ((to - from) * i) / steps)
    return [x + rx * Math.cos(angle), y + ry * Math.sin(angle)]
  })
}

export const glyphs: readonly (readonly Glyph[])[] = [
  [[arc(0.5, 0.5, 0.25, 0.36, 0, 1)], [arc(0.5, 0.5, 0.2, 0.36, 0.05, 1.05)]],
  [
    [
      [
        [0.52, 0.14],
        [0.5, 0.86],
      ],
    ],
    [
      [
        [0.36, 0.28],
        [0.53, 0.14],
        [0.53, 0.86],
      ],
    ],
  ],
  [
    [[...arc(0.48, 0.33, 0.24, 0.19, 0.5, 1.08), [0.26, 0.85], [0.76, 0.85]]],
    [[...arc(0.48, 0.33, 0.22, 0.19, 0.55, 1.1), [0.3, 0.78], [0.42, 0.74], [0.74, 0.86]]],
  ],
  [
    [arc(0.46, 0.32, 0.23, 0.18, 0.6, 1.25), arc(0.46, 0.67, 0.27, 0.19, 0.75, 1.42)],
    [
      [
        [0.26, 0.15],
        [0.72, 0.15],
        [0.46, 0.45],
      ],
      arc(0.46, 0.65, 0.26, 0.21, 0.75, 1.42),
    ],
  ],
  [
    [
      [
        [0.62, 0.86],
        [0.62, 0.14],
        [0.24, 0.62],
        [0.78, 0.62],
      ],
    ],
    [
      [
        [0.3, 0.14],
        [0.27, 0.5],
        [0.7, 0.5],
      ],
      [
        [0.7, 0.14],
        [0.66, 0.86],
      ],
    ],
  ],
  [
    [[[0.72, 0.15], [0.34, 0.15], [0.3, 0.46], ...arc(0.48, 0.64, 0.25, 0.21, 0.65, 1.4)]],
    [
      [[0.36, 0.15], [0.33, 0.45], ...arc(0.47, 0.65, 0.24, 0.2, 0.68, 1.4)],
      [
        [0.36, 0.15],
        [0.7, 0.17],
      ],
    ],
  ],
  [
    [
      [
        [0.66, 0.14],
        [0.4, 0.36],
        [0.28, 0.62],
      ],
      arc(0.5, 0.66, 0.22, 0.2, 0, 1),
    ],
    [
      [
        [0.56, 0.14],
        [0.32, 0.44],
        [0.29, 0.68],
      ],
      arc(0.49, 0.69, 0.2, 0.17, 0, 1),
    ],
  ],
  [
    [
      [
        [0.25, 0.16],
        [0.74, 0.16],
        [0.42, 0.86],
      ],
    ],
    [
      [
        [0.25, 0.16],
        [0.74, 0.16],
        [0.44, 0.86],
      ],
      [
        [0.36, 0.5],
        [0.7, 0.5],
      ],
    ],
  ],
  [[arc(0.5, 0.31, 0.19, 0.17, 0, 1), arc(0.5, 0.67, 0.23, 0.19, 0, 1)]],
  [
    [
      arc(0.48, 0.34, 0.21, 0.2, 0, 1),
      [
        [0.69, 0.34],
        [0.62, 0.86],
      ],
    ],
    [
      arc(0.48, 0.33, 0.2, 0.19, 0, 1),
      [
        [0.68, 0.33],
        [0.66, 0.66],
        [0.5, 0.85],
        [0.3, 0.8],
      ],
    ],
  ],
]
