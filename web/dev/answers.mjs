/** What the mock server says: enough to see every part of the page. */
export const KOREAN = `양자 얽힘은 **두 입자가 한 쌍의 장갑처럼 이어져 있는 것**이라고 생각하면 쉬워요.

상자 두 개에 장갑을 한 짝씩 넣고, 하나는 서울에, 다른 하나는 부산에 보냈다고 해 볼게요. 서울에서 상자를 열어 왼쪽 장갑을 보는 순간, 부산에 있는 것은 오른쪽 장갑이라는 걸 바로 알 수 있죠.

### 그런데 무엇이 신기할까요?

1. 장갑은 처음부터 어느 쪽인지 정해져 있었어요.
2. 양자는 **열어 보기 전까지 정해져 있지 않아요.**
3. 그런데도 두 입자의 답은 언제나 서로 맞아떨어져요.

과학자들은 이것을 $|\\psi\\rangle = \\frac{1}{\\sqrt{2}}(|00\\rangle + |11\\rangle)$ 처럼 적어요. 조금 더 알고 싶다면 이야기해 주세요!`;

export const ENGLISH = `Think of entanglement as **a pair of gloves** in two closed boxes.

One box goes to Seoul, the other to Busan. Whoever opens the first box and finds a left glove knows at once that the other box holds the right one.

### So what is strange about it?

1. Gloves were left or right from the beginning.
2. Particles are **undecided until somebody looks**.
3. And still, their answers always match.

Physicists write it as $|\\psi\\rangle = \\frac{1}{\\sqrt{2}}(|00\\rangle + |11\\rangle)$. Ask me if you want to know more!`;

export const CODE = `가장 긴 공통 부분 수열은 동적 계획법으로 구할 수 있습니다.

\`\`\`java
static int lcs(String a, String b) {
  int[][] best = new int[a.length() + 1][b.length() + 1];
  for (int i = 1; i <= a.length(); i++) {
    for (int j = 1; j <= b.length(); j++) {
      best[i][j] = a.charAt(i - 1) == b.charAt(j - 1)
          ? best[i - 1][j - 1] + 1
          : Math.max(best[i - 1][j], best[i][j - 1]); // 둘 중 긴 쪽
    }
  }
  return best[a.length()][b.length()];
}
\`\`\`

시간과 공간은 모두 $O(nm)$ 입니다. 점화식은 다음과 같습니다.

$$
L_{i,j} = \\begin{cases} L_{i-1,j-1} + 1 & a_i = b_j \\\\ \\max(L_{i-1,j},\\, L_{i,j-1}) & a_i \\ne b_j \\end{cases}
$$

| 방법 | 시간 | 공간 |
|---|---|---:|
| 표 전체 | \`O(nm)\` | 32 MB |
| 두 줄만 | \`O(nm)\` | 4 KB |

<script>alert(1)</script> 같은 글은 그대로 보입니다.`;

export const DINNER = '오늘 저녁은 햄버거 어때요? 두부를 으깨 패티를 만들고 볶은 김치를 얹으면 든든한 두부 김치 버거가 됩니다.';
export const DINNER_EN = 'How about a burger tonight? Mash the tofu into patties, top them with fried kimchi, and dinner is ready in twenty minutes.';

export const THINKING = `<think>\n질문은 간단한 덧셈이다. 17 + 25 = 42.\n</think>\n\n답은 **42**입니다.`;

/** Alternatives by word, for the next-word view. */
export const ALTERNATIVES = {
  햄버거: [[' 햄버거', 0.6], [' 떡볶이', 0.2], [' 김치찌개', 0.09], [' 비빔밥', 0.04], [' 두부조림', 0.03]],
  burger: [[' burger', 0.6], [' stew', 0.2], [' pancake', 0.09], [' curry', 0.04], [' rice', 0.03]],
};

export function answerTo(text) {
  const korean = /[가-힣]/.test(text);
  if (/코드|code/i.test(text)) return CODE;
  if (/저녁|냉장고|dinner|cook|fridge/i.test(text)) return korean ? DINNER : DINNER_EN;
  if (/17\s*\+\s*25/.test(text)) return THINKING;
  if (/^(길게|long)/i.test(text)) return Array.from({ length: 40 }, (_, i) => `${i + 1}번째 문단입니다. 이 글은 멈추기를 시험하려고 길게 이어집니다.`).join('\n\n');
  if (/^(메아리|echo)/i.test(text)) return `받은 말: ${text}`;
  return korean ? KOREAN : ENGLISH;
}
