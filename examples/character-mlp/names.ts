/** Common given names. */
export const names = `
abigail ada adam adrian agnes aidan alan albert alexander alfred alice alicia alma amanda amelia amy andrea andrew angela anita anna anne annette anthony antonia
april arnold arthur astrid audrey austin barbara beatrice benedict benjamin bernard bertha bettina boris brenda brian bridget bruno caleb camilla carl carla carmen
carol caroline casper catherine cecilia celia charles charlotte christian christina christopher clara clarence claudia colin connor conrad cora cordelia daisy damian daniel
daniela david deborah delia denise dennis diana dominic donald dora doris dorothy douglas duncan edgar edith edmund edward eleanor elena elias elisa elizabeth ella ellen
elsa elvira emil emilia emily emma eric erica ernest esther ethan eugene eva evelyn fabian felicia felix ferdinand fiona flora florence frances francis frank frederick
gabriel gabriela gemma geoffrey george gerald gloria gordon grace graham gregory greta gustav hannah harold harriet harry hazel heather helen helena henry herbert herman
hilda holly howard hubert hugo ian ida ingrid irene iris isaac isabel ivan jack jacob james jane janet jasmine jason jasper jennifer jeremy jessica joan joanna joel john
jonathan joseph josephine joshua judith julia julian juliana justin karen karl katherine keith kenneth kevin kirsten lara laura lawrence leah lena leo leonard leonora
leopold lewis liam lilian linda lisa lorenz louis louisa lucas lucia lucy ludwig luke lydia mabel madeleine magdalena marcus margaret maria marianne marina marion mark
martha martin mary matilda matthew maurice max maximilian melanie melissa michael mildred miranda miriam molly monica morris nancy naomi natalie nathan nicholas nicola nina
noah nora norman olga oliver olivia oscar oswald otto owen pamela patricia patrick paul paula pauline peter philip phoebe quentin rachel ralph ramona raymond rebecca
regina richard robert robin roger roland rosa rosalind rosemary rowena rudolf rupert ruth sabina samuel sandra sarah sebastian selina sharon sidney sigrid silvia simon
sophia stanley stella stephanie stephen stuart susan susanna sylvester tamara teresa theodor theresa thomas timothy tobias tristan ulrich una ursula valentin valerie
vanessa vera veronica victor victoria vincent viola violet virginia vivian walter wanda warren wendy wilhelm william winifred xavier yvonne zachary zoe
`.trim().split(/\s+/);
