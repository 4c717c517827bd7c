/** A text of short sentences for each language, from which networks learn to write. What stands behind a gap often tells what belongs into it. */
export const toyTexts = {
  en: `the dog barks at the cat.
the cat runs up the tree.
the bird sings in the tree.
the cat looks at the bird.
the bird flies over the house.
the dog sleeps in the house.
the cow eats grass in the field.
the horse runs in the field.
the duck flies over the field.
the duck swims in the pond.
the fish swims in the pond.
the cat looks at the fish.
the frog jumps into the pond.
the frog sings in the pond.
the mouse hides in the house.
the cat runs after the mouse.
the mouse eats the cheese.
the owl flies at night.
the owl looks at the mouse.
the horse eats grass in the field.
the dog runs after the duck.
the bird sleeps in the tree.`,
  ko: `강아지가 고양이를 보고 짖는다.
고양이가 나무 위로 달아난다.
참새가 나무 위에서 노래한다.
고양이가 참새를 바라본다.
참새가 지붕 위로 날아간다.
강아지가 집에서 잔다.
소가 들판에서 풀을 먹는다.
말이 들판에서 달린다.
오리가 들판 위로 날아간다.
오리가 연못에서 헤엄친다.
물고기가 연못에서 헤엄친다.
고양이가 물고기를 바라본다.
개구리가 연못으로 뛰어든다.
개구리가 연못에서 노래한다.
생쥐가 집에서 치즈를 먹는다.
고양이가 생쥐를 쫓아간다.
생쥐가 지붕 밑에 숨는다.
부엉이가 밤에 날아간다.
부엉이가 생쥐를 바라본다.
말이 들판에서 풀을 먹는다.
강아지가 오리를 쫓아간다.
참새가 나무 위에서 잔다.`,
} as const;

/** The sentences of a text: those that a line or a full stop ends. */
export const sentencesOf = (text: string): readonly string[] => text.split(/(?<=[.!?])\s+|\n+/u).map((sentence) => sentence.trim()).filter((sentence) => sentence !== "");

/** The words of a sentence, without the mark at its end. */
export const wordsOf = (sentence: string): readonly string[] => sentence.split(/[\s.,!?]+/u).filter((word) => word !== "");

/** The longest text that a reader may write. */
export const longestText = 1000;

/** Whether there is enough in a text to learn from: two sentences. */
export const isLongEnough = (text: string): boolean => sentencesOf(text).filter((sentence) => wordsOf(sentence).length > 1).length > 1;
